import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keepShopInfo, poll, type Shop, silentProgress, startShop } from '../../libs/stack/src/index.ts';
import { reached } from './supervised-child.ts';
import { newFolder } from './temporary-folder.ts';

const SERVICE = fileURLToPath(new URL('./fixtures/service.ts', import.meta.url));
const NAMES = ['gateway', 'order', 'inventory', 'payment', 'notification', 'acquirer', 'mailbox'];

let shop: Shop;
let folder: string;

beforeAll(async () => {
  folder = await newFolder();
  await mkdir(path.join(folder, 'libs/service/src'), { recursive: true });
  await writeFile(path.join(folder, 'libs/service/src/telemetry.ts'), '');
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of NAMES) await cp(SERVICE, path.join(folder, 'services', name, 'src/main.ts'));
  const env = { payment: { EXTRA: 'for payment' } };
  shop = await startShop({ progress: silentProgress, repoFolder: folder, instances: 2, hotSkuStock: 7, env });
}, 120_000);

afterAll(() => shop?.stop(), 60_000);

async function environmentOf(name: string): Promise<Record<string, string>> {
  const port = shop.info.processes.find((one) => one.name === name)?.port;
  const response = await fetch(`http://127.0.0.1:${port}/`);
  return Object(await response.json());
}

test('Every service is up, the scaled ones as often as was asked for', () => {
  const names = shop.info.processes.map((one) => one.name);
  expect(names.filter((name) => name.endsWith('-2')).sort()).toEqual([
    'inventory-2',
    'notification-2',
    'order-2',
    'payment-2',
  ]);
  expect(names).toEqual(expect.arrayContaining(NAMES.map((name) => `${name}-1`)));
});

test('Each service is told what it needs and nothing more', async () => {
  const { kafka, consul, otlp, acquirer, mailboxSmtp, operatorSigningKey } = shop.info;
  const shared = { CONSUL_URL: consul, OTLP_URL: otlp, KAFKA_BROKERS: kafka.join(), LOG_LEVEL: 'info' };
  expect(await environmentOf('payment-2')).toMatchObject({
    ...shared,
    INSTANCE: 'payment-2',
    DATABASE_URL: expect.stringMatching(/^postgres:\/\/payment:.+\/payment$/),
    ACQUIRER_URL: acquirer,
    EXTRA: 'for payment',
  });
  expect(await environmentOf('inventory-1')).toMatchObject({ HOT_SKU_STOCK: '7', STOCK_PER_SKU: '1000000' });
  expect(await environmentOf('notification-1')).toMatchObject({ ...shared, SMTP_URL: mailboxSmtp });
  const gateway = await environmentOf('gateway-1');
  const OPERATOR_PUBLIC_KEYS = operatorSigningKey.split('.', 2).join('.');
  expect(gateway).toMatchObject({ OPERATOR_PUBLIC_KEYS, CONSUL_URL: consul });
  expect(Object.values(gateway)).not.toContain(operatorSigningKey);
  expect(gateway).not.toHaveProperty('DATABASE_URL');
  expect(await environmentOf('mailbox-1')).toMatchObject({
    SMTP_PORT: new URL(mailboxSmtp).port,
    BOOKS_FILE: path.join(shop.info.runDir, 'mailbox.jsonl'),
  });
});

test('The info file is for its owner alone, and knows the new pid after a crash', async () => {
  const file = path.join(folder, 'shop.json');
  await keepShopInfo(shop, file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(shop.info);
  await shop.supervisor.kill('order-1');
  const { pid, port } = await reached(shop.supervisor, 'order-1', 'ready', 1);
  const rewritten = async () => {
    const { processes } = JSON.parse(await readFile(file, 'utf8'));
    return (
      processes.some((one: { pid: number; port: number }) => one.pid === pid && one.port === port) ||
      undefined
    );
  };
  await expect(poll(rewritten, { what: 'the new pid', limitMs: 10_000 })).resolves.toBe(true);
});
