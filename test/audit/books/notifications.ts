import type { Client } from 'pg';

export interface NotificationEntry {
  orderId: string;
  kind: string;
  state: string;
}

/** Reads what the customers were told, by our own books. */
export async function readNotifications(database: Client): Promise<NotificationEntry[]> {
  const { rows } = await database.query<NotificationEntry>(
    'select order_id::text as "orderId", kind, state from notifications',
  );
  return rows;
}
