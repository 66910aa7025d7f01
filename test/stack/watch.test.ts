import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { freePorts } from '../../libs/stack/src/ports.ts';
import { serviceSpec } from '../../libs/stack/src/service-specs.ts';
import type { Supervisor } from '../../libs/stack/src/supervisor.ts';
import { eventually } from '../support/eventually.ts';
import { newSupervisor, statusOf } from './supervised-child.ts';
import { newFolder } from './temporary-folder.ts';

const MAIN = `
import { createServer } from 'node:http';
import { price } from '../../../libs/prices/price.ts';
const server = createServer((_request, response) => response.end(price));
server.listen(Number(process.env.PORT), process.env.HOST, () =>
  console.log(JSON.stringify({ msg: 'listening', port: server.address().port })));
process.on('SIGTERM', () => { server.close(); server.closeAllConnections(); });
`;

let supervisor: Supervisor | undefined;
afterAll(() => supervisor?.stopAll());

async function lay(folder: string, file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
  await writeFile(path.join(folder, file), text);
}

test('When a file changes that a watched service has read, then it serves the new one on the same port', async () => {
  const folder = await newFolder();
  await lay(folder, 'package.json', '{ "type": "module" }');
  await lay(folder, 'libs/service/src/telemetry.ts', '');
  await lay(folder, 'libs/prices/price.ts', "export const price: string = 'old';");
  await lay(folder, 'services/payment/src/main.ts', MAIN);
  supervisor = await newSupervisor();
  const [port = 0] = await freePorts(1);
  const start = { service: 'payment', instance: 'payment-1', port, env: {}, repoFolder: folder } as const;
  await supervisor.run(serviceSpec({ ...start, watch: true }));
  const before = statusOf(supervisor, 'payment-1');
  const ask = async () => (await fetch(`http://127.0.0.1:${before.port}/`)).text();
  expect(await ask()).toBe('old');
  await lay(folder, 'libs/prices/price.ts', "export const price: string = 'new';");
  await eventually('the new price', async () => (await ask().catch(() => '')) === 'new');
  expect(statusOf(supervisor, 'payment-1')).toMatchObject({ pid: before.pid, state: 'ready', restarts: 0 });
});
