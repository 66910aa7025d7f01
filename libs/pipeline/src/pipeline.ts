import type { MessageType, OperatorAction } from '@doorbuster/contracts';
import {
  createPublisher,
  createTopics,
  type KafkaOptions,
  type Log,
  type Subscriber,
  subscribe,
} from '@doorbuster/messaging';
import type { Pool } from 'pg';
import { createAnnouncer } from './announce.ts';
import { type Parse, toInput, topicsOf } from './consume.ts';
import { type DeadLetters, deadLettersOf } from './dead-letters.ts';
import { startSweeper } from './deadlines.ts';
import { type EffectHandler, startEffects } from './effects.ts';
import { createGather, defaultLimits, type GatherLimits } from './gather.ts';
import type { Decision, Input, Outcome, Versioned } from './input.ts';
import { measureBatch, observeBacklog } from './metrics.ts';
import { type Parked, parkedOf, readActions } from './parked.ts';
import { startPruner } from './prune.ts';
import { createCommit } from './recover.ts';
import { startRelay } from './relay.ts';
import type { Store } from './store.ts';
import { currentTraceparent, traceIdOf } from './trace.ts';
import { type Change, changesOf, type Gathered, type Work } from './transaction.ts';

/** What a service has to say about itself; everything else is the same for all. */
export interface PipelineOptions<State extends Versioned, Request, Answer> {
  /** The service's name: its consumer group, and the source of its messages. */
  service: string;
  database: Pool;
  databaseUrl: string;
  kafka: KafkaOptions;
  log: Log;
  consumes: readonly MessageType[];
  store: Store<State, Request, Answer>;
  decide(state: State, input: Input<Request, Answer>): Decision<State>;
  effects?: Record<string, EffectHandler<Answer>>;
  timeline?: (state: State) => string;
  /**
   * Told of each commit what it changed, in its order, and never of the same change twice: of a commit whose answer was
   * lost nobody is told.
   */
  onChanged?(changes: Change<State, Request, Answer>[]): void;
  limits?: Partial<GatherLimits>;
  /** How messages are read, where not as the contracts say: by a service of another version beside this one. */
  parse?: Parse;
  /** The process cannot go on and should be started afresh. */
  onFatal(error: Error): void;
}

export interface Pipeline<State, Request = never, Answer = never> {
  /**
   * Puts a request through the pipeline; resolves when its transaction is committed.
   * @throws Overloaded when too many requests wait already
   */
  request(key: string, type: string, request: Request, weight: number): Promise<Outcome<State>>;
  /** What an operator can do about messages that nobody here could handle. */
  deadLetters: DeadLetters;
  /** What an operator can do about calls that failed as often as they may. */
  parked: Parked<Answer>;
  /** What was done by hand here, the newest first. */
  actions(limit: number): Promise<OperatorAction[]>;
  /** True when messages come in and can go out. */
  isReady(): boolean;
  /** Stops taking in, finishes and publishes what is under way, and lets go of everything. */
  close(): Promise<void>;
}

/** Starts the whole pipeline of one service instance. */
export async function startPipeline<State extends Versioned, Request = never, Answer = never>(
  options: PipelineOptions<State, Request, Answer>,
): Promise<Pipeline<State, Request, Answer>> {
  const { service, database, databaseUrl, kafka, log, consumes, store, decide, timeline, onFatal } = options;
  const stopping = new AbortController();
  await createTopics(kafka.brokers);
  const publisher = await createPublisher(kafka);
  const relay = startRelay({ service, databaseUrl, publisher, log });
  const work: Work<State, Request, Answer> = {
    service,
    database,
    store,
    decide,
    timeline,
    effects: {
      reserve: (count) => effects.reserve(count),
      begin: (rows, reserved) => effects.begin(rows, reserved),
    },
    relay,
    onCommitted({ decided, letters }) {
      options.onChanged?.(changesOf(decided));
      for (const { record, type, reason, detail } of letters) {
        const traceId = traceIdOf(record.headers['traceparent']) ?? undefined;
        log.error({ type, orderId: record.key, reason, detail, traceId }, 'Message parked');
      }
    },
  };
  const commit = createCommit(work, { log, stopping: stopping.signal });
  const stopObserving = observeBacklog(database);
  const announcer = timeline === undefined ? undefined : createAnnouncer(database);
  const gather = createGather<Gathered<Request, Answer>, Outcome<State>>(
    async (inputs, waitedMs) => {
      measureBatch(inputs, waitedMs);
      const outcomes = await commit(inputs);
      announcer?.announce();
      return outcomes;
    },
    { ...defaultLimits, ...options.limits },
  );
  const effects = startEffects<Answer>({
    database,
    log,
    handlers: options.effects ?? {},
    async onAnswer({ key, order_id, type }, answer) {
      const traceparent = currentTraceparent();
      const input = {
        kind: 'answer',
        key: order_id,
        type,
        effectKey: key,
        answer,
        traceparent,
        weight: 1,
      } as const;
      const outcome = await gather.push(input);
      if (outcome.kind === 'failed') throw outcome.error;
    },
  });
  const sweeper = startSweeper(database, gather.push, log);
  const pruner = timeline === undefined ? startPruner(database, log) : undefined;
  const used = new Set<string>(consumes);
  const subscriber: Subscriber = await subscribe({
    ...kafka,
    log,
    groupId: service,
    topics: topicsOf(consumes),
    onRecords: async (records) => {
      const inputs = records.flatMap((record) => toInput(record, used, options.parse) ?? []);
      await Promise.all(inputs.map(gather.push));
    },
    onCrash: onFatal,
  });

  return {
    request: (key, type, request, weight) =>
      gather.push({ kind: 'request', key, type, request, weight, traceparent: currentTraceparent() }),
    deadLetters: deadLettersOf({
      service,
      database,
      consumes,
      parse: options.parse,
      push: gather.push,
      wakeRelay: relay.wake,
    }),
    parked: parkedOf({ database, push: gather.push, wakeEffects: effects.wake }),
    actions: (limit) => readActions(database, limit),
    isReady: subscriber.isJoined,
    async close() {
      const giveUp = setTimeout(() => stopping.abort(), 5_000);
      await Promise.all([subscriber.close(), effects.close(), sweeper.close(), pruner?.close()]);
      await gather.idle();
      clearTimeout(giveUp);
      await announcer?.close();
      await relay.close();
      await publisher.close();
      stopObserving();
    },
  };
}
