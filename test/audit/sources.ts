import path from 'node:path';
import { z } from 'zod';

/** Everything that the auditor reads, and where it is. It is what `--info FILE` holds, as far as it is of use here. */
export const ShopInfo = z.object({
  gateway: z.url(),
  jaeger: z.url(),
  mailbox: z.url(),
  kafka: z.array(z.string()).min(1),
  /** One connection URL per database, for somebody who only reads. */
  auditor: z.object({
    order: z.string(),
    payment: z.string(),
    inventory: z.string(),
    notification: z.string(),
    acquirer: z.string(),
  }),
  runDir: z.string(),
  /** Where the control room's buttons lie, where somebody started that. */
  desk: z.url().optional(),
  operatorToken: z.string().optional(),
});
export type ShopInfo = z.infer<typeof ShopInfo>;

export interface Sources {
  postgres: ShopInfo['auditor'];
  /** The brokers, or null where the topics are left unread: then nobody can say whether a message is lost. */
  kafka: string[] | null;
  /** The mail server's address, or null where none takes part and a notification ends with its row. */
  mailbox: string | null;
  /** What the clients were told; where nobody wrote it down, the auditor says so. */
  clientsFile: string;
}

/** The history of a run's clients lies in the run's folder. */
export const clientsFileOf = (runDir: string): string => path.join(runDir, 'clients.jsonl');

/** What of a shop the auditor reads. */
export const sourcesOf = ({ auditor, kafka, mailbox, runDir }: ShopInfo): Sources => ({
  postgres: auditor,
  kafka,
  mailbox,
  clientsFile: clientsFileOf(runDir),
});
