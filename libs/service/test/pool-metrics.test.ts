import '../../../test/support/metrics.ts';
import { expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { measured, metricValue } from '../../../test/support/metrics.ts';
import { observePool } from '../src/pool-metrics.ts';

const name = { 'db.client.connection.pool.name': 'order' };
const connections = (state: string) =>
  metricValue('db.client.connection.count', { ...name, 'db.client.connection.state': state });

test('When a pool is used, then its connections are told by state, and who waits for one, until it is ended', async () => {
  const pool = { totalCount: 5, idleCount: 2, waitingCount: 7, ended: false };
  observePool(pool as Pool, 'order');
  expect([await connections('idle'), await connections('used')]).toEqual([2, 3]);
  expect(await metricValue('db.client.connection.pending_requests', name)).toBe(7);
  pool.ended = true;
  expect(await measured()).toEqual([]);
});
