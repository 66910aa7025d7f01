import { readClients } from './books/clients.ts';
import { readInventory } from './books/inventory.ts';
import { readMailbox } from './books/mailbox.ts';
import {
  crossOutInbox,
  crossOutParked,
  type MessageBooks,
  readTopics,
  type Timeline,
  type Topics,
} from './books/messages.ts';
import { readNotifications } from './books/notifications.ts';
import { countOrders, readOrders } from './books/orders.ts';
import { readAcquirer, readPayments } from './books/payments.ts';
import { type PipelineBooks, readPipeline, type ServiceName, serviceNames } from './books/pipelines.ts';
import { type Books, judgeQuiet } from './books.ts';
import { reading } from './database.ts';
import type { Sources } from './sources.ts';

/**
 * Reads all books. Consequences are read before their causes (what clients and customers were told, then the orders,
 * then stock and money), so that what happens meanwhile can only add causes. Topics are the other way round: what
 * was in a topic before an inbox was read has to be in that inbox.
 */
export async function readBooks({ clientsFile, mailbox, postgres, kafka }: Sources): Promise<Books> {
  const topicsRead = readTopics(kafka);
  // A failure is told where the topics are awaited; until then it must not end the process.
  topicsRead.catch(() => undefined);
  const clients = await readClients(clientsFile);
  const mails = mailbox === null ? null : await readMailbox(mailbox);
  const notifications = await reading(postgres.notification, readNotifications);
  const order = await reading(postgres.order, readOrders);
  const inventory = await reading(postgres.inventory, readInventory);
  const payments = await reading(postgres.payment, readPayments);
  const acquirer = await reading(postgres.acquirer, readAcquirer);
  const { pipelines, messages } = await readPipelines(postgres, await topicsRead);
  const countAfterwards = await reading(postgres.order, countOrders);
  const books = {
    clients,
    order: { ...order, countAfterwards },
    inventory,
    payments,
    notifications,
    acquirer,
    mailbox: mails,
    pipelines,
    messages,
  };
  return { ...books, isQuiet: judgeQuiet(books) };
}

async function readPipelines(urls: Record<ServiceName, string>, { records, strangers, due }: Topics) {
  const counts = serviceNames.map((service) => due[service].size);
  const timelines = new Map<string, Timeline>();
  const read = async (service: ServiceName): Promise<PipelineBooks> =>
    reading(urls[service], async (database) => {
      await crossOutInbox(database, due[service], timelines);
      const pipeline = await readPipeline(database);
      crossOutParked(due[service], pipeline.deadLetters);
      return pipeline;
    });
  const pipelines: Books['pipelines'] = {
    order: await read('order'),
    inventory: await read('inventory'),
    payment: await read('payment'),
    notification: await read('notification'),
  };
  const missing = serviceNames.flatMap((service) =>
    [...due[service]].map(([id, type]) => ({ service, id, type })),
  );
  const messages: MessageBooks = {
    records,
    strangers,
    due: counts.reduce((total, size) => total + size, 0),
    missing,
    timelines,
  };
  return { pipelines, messages };
}
