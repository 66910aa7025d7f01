import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const main = fileURLToPath(new URL('../../../services/order/src/main.ts', import.meta.url));
const good = {
  INSTANCE: 'order-1',
  DATABASE_URL: 'postgres://127.0.0.1/order',
  KAFKA_BROKERS: '127.0.0.1:9092',
  CONSUL_URL: 'http://127.0.0.1:8500',
  CATALOGUE_FILE: 'catalogue.csv',
};

const start = (wrong: Record<string, string | undefined>) =>
  spawnSync(process.execPath, [main], {
    env: { ...good, ...wrong },
    encoding: 'utf8',
  });

test.each([
  ['INSTANCE', { INSTANCE: 'Order one' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://127.0.0.1/order' }],
  ['KAFKA_BROKERS', { KAFKA_BROKERS: undefined }],
  ['SAGA_STEP_TIMEOUT_MS', { SAGA_STEP_TIMEOUT_MS: 'soon' }],
])('When %s is wrong, then the service says so in one line and ends with 78', (name, wrong) => {
  const { status, stderr } = start(wrong);
  expect(status).toBe(78);
  expect(stderr).toMatch(new RegExp(`^Configuration: ${name}: .+\n$`));
});
