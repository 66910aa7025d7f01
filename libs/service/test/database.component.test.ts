import { expect, test } from '@jest/globals';
import { createTcpProxy } from '../../../test/faults/proxies/tcp-proxy.ts';
import { servers } from '../../../test/support/servers.ts';
import { createPool } from '../src/database.ts';
import { createLog } from '../src/log.ts';

test('When the database is gone from the other end and nobody said so, then a query ends, and the next goes elsewhere', async () => {
  const url = new URL(servers().postgres['order'] ?? '');
  const link = await createTcpProxy();
  link.leadTo(url.hostname, Number(url.port));
  const pool = createPool(
    Object.assign(url, { port: link.port }).toString(),
    1,
    createLog('order-1', 'error'),
  );
  await pool.query('select');
  link.break({ kind: 'half-open' });
  await expect(pool.query('select')).rejects.toThrow('timeout');
  link.heal();
  await pool.query('select');
  await pool.end();
  await link.close();
});
