import { afterEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { eventually } from '../../../test/support/eventually.ts';
import { servers } from '../../../test/support/servers.ts';
import { type Registered, register } from '../src/register.ts';

const Services = z.record(z.string(), z.object({ Address: z.string(), Port: z.number() }));
const silent = { info() {}, warn() {}, error() {}, debug() {} };

let registered: Registered | undefined;
afterEach(() => registered?.close());

const knownAs = async (id: string) => {
  const response = await fetch(`${servers().consul}/v1/agent/service/${id}`);
  return response.ok ? Services.valueType.parse(await response.json()) : undefined;
};

test('When an instance comes back at another address, then Consul learns of it', async () => {
  const { consul } = servers();
  const id = 'moved-1';
  // As it is left by a container that died and was started again elsewhere: nobody took it out.
  const body = JSON.stringify({ name: 'moved', id, address: '127.0.0.9', port: 8080 });
  await fetch(`${consul}/v1/agent/service/register`, { method: 'PUT', body });
  expect(await knownAs(id)).toEqual({ Address: '127.0.0.9', Port: 8080 });
  registered = register(
    consul,
    { name: 'moved', id, host: '127.0.0.1', port: 8080, healthPort: 8080, healthPath: '/health/ready' },
    silent,
  );
  await eventually('the new address', async () => (await knownAs(id))?.Address === '127.0.0.1');
});
