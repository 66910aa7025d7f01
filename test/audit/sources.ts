import path from 'node:path';
import { z } from 'zod';

/** Everything that the auditor reads, and where it is. It is what `--info FILE` holds, as far as it is of use here. */
export const ShopInfo = z.object({
  gateway: z.url(),
  jaeger: z.url(),
  mailbox: z.url(),
  kafka: z.array(z.string()).min(1),
  postgres: z.object({
    order: z.string(),
    payment: z.string(),
    inventory: z.string(),
    notification: z.string(),
    acquirer: z.string(),
  }),
  runDir: z.string(),
});
export type ShopInfo = z.infer<typeof ShopInfo>;

export interface Sources extends Pick<ShopInfo, 'postgres' | 'kafka'> {
  /** The mail server's address, or null where none takes part and a notification ends with its row. */
  mailbox: string | null;
  /** What the clients were told; where nobody wrote it down, the auditor says so. */
  clientsFile: string;
}

/** The history of a run's clients lies in the run's folder. */
export const clientsFileOf = (runDir: string): string => path.join(runDir, 'clients.jsonl');

/** What of a shop the auditor reads. */
export const sourcesOf = ({ postgres, kafka, mailbox, runDir }: ShopInfo): Sources => ({
  postgres,
  kafka,
  mailbox,
  clientsFile: clientsFileOf(runDir),
});
