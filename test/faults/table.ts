import type { FaultCase } from './case.ts';
import { serviceDies } from './cases/01-service-dies.ts';
import { diesAfterPublish } from './cases/02-dies-after-publish.ts';
import { diesBeforeOffsets } from './cases/03-dies-before-offsets.ts';
import { zombie } from './cases/04-zombie.ts';
import { rebalances } from './cases/05-rebalances.ts';
import { produceResponseLost } from './cases/06-produce-response-lost.ts';
import { brokerLink } from './cases/07-broker-link.ts';
import { brokerKilled } from './cases/08-broker-killed.ts';
import { partitionsMove } from './cases/09-partitions-move.ts';
import { databaseRestarts } from './cases/10-database-restarts.ts';
import { connectionsKilled } from './cases/11-connections-killed.ts';
import { commitUnknown } from './cases/12-commit-unknown.ts';
import { diskFull } from './cases/13-disk-full.ts';
import { clocksDiffer } from './cases/14-clocks-differ.ts';
import { duplicates } from './cases/15-duplicates.ts';
import { reordering } from './cases/16-reordering.ts';
import { poison } from './cases/17-poison.ts';
import { hugeThings } from './cases/18-huge.ts';
import { fiftyAtOnce } from './cases/26-fifty-at-once.ts';
import { hotSku } from './cases/27-hot-sku.ts';
import { lateAnswer } from './cases/28-late-answer.ts';
import { compensationFails } from './cases/29-compensation-fails.ts';
import { chargedAndSilent } from './cases/30-charged-and-silent.ts';
import { schemaEvolution } from './cases/31-schema-evolution.ts';
import { consulDown } from './cases/32-consul-down.ts';
import { staleEntry } from './cases/33-stale-entry.ts';
import { telemetryDown } from './cases/34-telemetry-down.ts';
import { sigterm } from './cases/35-sigterm.ts';
import { overload } from './cases/36-overload.ts';
import { retryStorm } from './cases/37-retry-storm.ts';
import { slowConsumer } from './cases/38-slow-consumer.ts';
import { replayedFromZero } from './cases/39-replayed-from-zero.ts';
import { crashPoints } from './crash-points/crash-points.ts';

/** Every fault, in the order of its number, then every crash point. */
export const faults: readonly FaultCase[] = [
  serviceDies,
  diesAfterPublish,
  diesBeforeOffsets,
  zombie,
  rebalances,
  produceResponseLost,
  brokerLink,
  brokerKilled,
  partitionsMove,
  databaseRestarts,
  connectionsKilled,
  commitUnknown,
  diskFull,
  clocksDiffer,
  duplicates,
  reordering,
  poison,
  hugeThings,
  fiftyAtOnce,
  hotSku,
  lateAnswer,
  compensationFails,
  chargedAndSilent,
  schemaEvolution,
  consulDown,
  staleEntry,
  telemetryDown,
  sigterm,
  overload,
  retryStorm,
  slowConsumer,
  replayedFromZero,
  ...crashPoints,
];
