import { keysOf, rows, type Store, type Tx } from '@doorbuster/pipeline';
import { type Answer, type Notification, nothing } from './notification.ts';

type Row = Notification & { orderId: string };

/** How notifications are kept. */
export const store: Store<Notification, never, Answer> = {
  async load(tx, inputs) {
    const unit = rows<Row>({
      found: await lockNotifications(tx, keysOf(inputs)),
      initial: (orderId) => ({ ...nothing, orderId }),
      insert: insertNotifications,
      update: updateNotifications,
    });
    return {
      ...unit,
      set: (input, notification) => unit.set(input, { ...notification, orderId: input.key }),
    };
  },
};

async function lockNotifications(tx: Tx, orderIds: string[]): Promise<Map<string, Row>> {
  const { rows } = await tx.query<Row>({
    name: 'notifications.lock',
    text: `select order_id as "orderId", kind, state, version, email from notifications
           where order_id = any($1::uuid[]) order by order_id for update`,
    values: [orderIds],
  });
  return new Map(rows.map((row) => [row.orderId, row]));
}

async function insertNotifications(tx: Tx, notifications: Row[]): Promise<void> {
  await tx.query({
    name: 'notifications.insert',
    text: `insert into notifications (order_id, kind, state, version, email)
           select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[])`,
    values: [
      notifications.map(({ orderId }) => orderId),
      notifications.map(({ kind }) => kind),
      notifications.map(({ state }) => state),
      notifications.map(({ version }) => version),
      notifications.map(({ email }) => email),
    ],
  });
}

async function updateNotifications(tx: Tx, notifications: Row[]): Promise<void> {
  await tx.query({
    name: 'notifications.update',
    text: `update notifications set state = new.state, version = new.version
           from unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) as new (order_id, kind, state, version)
           where notifications.order_id = new.order_id and notifications.kind = new.kind`,
    values: [
      notifications.map(({ orderId }) => orderId),
      notifications.map(({ kind }) => kind),
      notifications.map(({ state }) => state),
      notifications.map(({ version }) => version),
    ],
  });
}
