// What the control room is told, and what its buttons ask for.
import { z } from 'zod';
import { InstanceView } from './door.ts';
import { Sku } from './values.ts';

const share = z.number().min(0).max(100).describe('Percent');
const count = z.int().min(0);
const perS = z.number().min(0);

/** How an instance does: as Consul sees it, and as the supervisor knows it where there is one. */
export const InstanceState = z.enum(['starting', 'healthy', 'failing', 'paused', 'draining', 'gone']);
export type InstanceState = z.infer<typeof InstanceState>;

export const ControlInstance = z.object({
  id: z.string(),
  state: InstanceState,
  door: InstanceView.shape.state
    .nullable()
    .describe('Whether the door hands it requests; null where it hands none'),
  cpuPercent: z.number().min(0).nullable().describe('100 is one core; null where nobody could say'),
  memoryBytes: count.nullable(),
  handledPerS: perS.describe('Inputs that it committed, or requests where it has no pipeline'),
});
export type ControlInstance = z.infer<typeof ControlInstance>;

export const ControlService = z.object({
  name: z.string(),
  kind: z.enum(['service', 'server', 'outside']),
  instances: z.array(ControlInstance),
});
export type ControlService = z.infer<typeof ControlService>;

/** Messages, or requests, that went from one to another within the last second. */
export const Traffic = z.object({ from: z.string(), to: z.string(), perS });
export type Traffic = z.infer<typeof Traffic>;

export const LiveInvariant = z.object({
  id: z.string().describe('I1 to I8'),
  name: z.string(),
  holds: z.boolean(),
  evidence: z.string().describe('The numbers on which it rests'),
  findings: z.array(z.string()).max(20),
});
export type LiveInvariant = z.infer<typeof LiveInvariant>;

export const LiveVerdict = z.object({
  at: z.iso.datetime(),
  isFinal: z.boolean().describe('`true` for the auditor’s verdict on a whole run, once all is quiet'),
  verdict: z.enum(['PASS', 'FAIL']),
  tookMs: count,
  invariants: z.array(LiveInvariant),
});
export type LiveVerdict = z.infer<typeof LiveVerdict>;

/** A Black Friday, as it is asked for. */
export const SpikeBody = z.object({
  seconds: z.int().min(5).max(600),
  basePerS: z.number().min(0.1).max(1_000),
  peakPerS: z.number().min(0.1).max(5_000),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
});
export type SpikeBody = z.infer<typeof SpikeBody>;

export const SpikeView = z.object({
  seconds: z.int().min(1),
  basePerS: perS,
  peakPerS: perS,
  seed: count,
  state: z.enum(['running', 'auditing', 'ended', 'stopped', 'failed']),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  by: z.enum(['operator', 'demo']),
  report: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('What the run came to, as `--report` writes it'),
});
export type SpikeView = z.infer<typeof SpikeView>;

/** What can be made to go wrong at the acquirer. */
export const AcquirerKnobs = z.object({
  latencyMs: z.int().min(0).max(60_000),
  declinePercent: share,
  errorPercent: share,
  lostAnswerPercent: share,
});
export type AcquirerKnobs = z.infer<typeof AcquirerKnobs>;

/** Something that somebody did, which the charts mark. */
export const Mark = z.object({ at: z.iso.datetime(), text: z.string().max(80) });
export type Mark = z.infer<typeof Mark>;

/** The actions that the control room offers; why one cannot work here, or null where it can. */
export const actionNames = [
  'spike',
  'kill',
  'pause',
  'scale',
  'acquirer',
  'kafka',
  'poison',
  'twice',
] as const;
export const ActionName = z.enum(actionNames);
export type ActionName = z.infer<typeof ActionName>;

/** The shop within the last second; the stream’s event `snapshot`. */
export const ControlSnapshot = z.object({
  at: z.iso.datetime(),
  acceptedPerS: perS,
  confirmedPerS: perS,
  cancelledPerS: perS,
  shedPerS: perS,
  totals: z.object({ accepted: count, confirmed: count, cancelled: count, shed: count }),
  cancelReasons: z.record(z.string(), count),
  /** From accepted to confirmed, over the last ten seconds; null where nothing was confirmed. */
  confirmMs: z.object({ p50: z.number(), p99: z.number() }).nullable(),
  openOrders: count,
  lag: z.record(z.string(), count).describe('Messages that a service has not handled, by service'),
  outboxAgeMs: z.number().min(0).describe('Age of the oldest message that waits to be published'),
  hotStock: z.array(z.object({ sku: Sku, name: z.string(), onHand: z.int() })).max(10),
  services: z.array(ControlService),
  traffic: z.array(Traffic),
  deadLetters: z.record(z.string(), count).describe('Not yet replayed, by service'),
  parkedSagas: count,
  duplicatesStopped: count,
  /** What is switched on at this moment. */
  faults: z.object({ kafkaPaused: z.boolean(), twice: z.boolean(), acquirer: AcquirerKnobs.nullable() }),
  spike: SpikeView.nullable(),
  verdict: LiveVerdict.nullable(),
  marks: z.array(Mark).max(50),
  viewers: count,
});
export type ControlSnapshot = z.infer<typeof ControlSnapshot>;

/** What does not change from second to second; the first event of the stream, `hello`. */
export const ControlHello = z.object({
  version: z.string().describe('Of the page: another one than yours means that it is worth loading again'),
  actions: z.record(ActionName, z.string().nullable()),
  jaeger: z.url().nullable(),
  mailbox: z.url().nullable(),
  consul: z.url().nullable(),
  history: z
    .array(z.lazy(() => ControlSnapshot))
    .describe('The last minutes, so that a page that comes late has its charts'),
});
export type ControlHello = z.infer<typeof ControlHello>;

/** The bodies of `POST /admin/control/{action}`. */
export const actionBodies = {
  spike: z.union([SpikeBody, z.object({ stop: z.literal(true) })]),
  kill: z.object({ instance: z.string().max(64) }),
  pause: z.object({ instance: z.string().max(64), paused: z.boolean() }),
  scale: z.object({ service: z.string().max(64), instances: z.int().min(0).max(16) }),
  acquirer: AcquirerKnobs.partial(),
  kafka: z.object({ paused: z.boolean() }),
  poison: z.object({ topic: z.string().max(128).optional() }),
  twice: z.object({ on: z.boolean() }),
} as const satisfies Record<ActionName, z.ZodType>;
export type ActionBody<Name extends ActionName> = z.infer<(typeof actionBodies)[Name]>;

/** Any of them, for the document: which one it has to be, the action says. */
export const AnyActionBody = z.union(Object.values(actionBodies));

/** What an action came to. */
export const ActionDone = z.object({ mark: Mark });
export type ActionDone = z.infer<typeof ActionDone>;

/** `GET /desk`: what the desk beside the shop knows, which the services cannot. */
export const DeskView = z.object({
  processes: z.array(
    z.object({
      name: z.string(),
      state: z.string(),
      cpuSeconds: z.number().nullable(),
      rssBytes: z.int().nullable(),
    }),
  ),
  actions: z.record(ActionName, z.string().nullable()),
  faults: z.object({ kafkaPaused: z.boolean(), twice: z.boolean() }),
  spike: SpikeView.nullable(),
  verdict: LiveVerdict.nullable(),
  marks: z.array(Mark).max(50),
});
export type DeskView = z.infer<typeof DeskView>;

/** The most spans of a trace that are read and drawn. */
export const traceSpansMax = 500;

/** A span of an order's trace, `GET /orders/{id}/trace`: what a waterfall is drawn from. */
export const TraceSpan = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  service: z.string(),
  name: z.string(),
  startMs: z.number().describe('Since the trace began'),
  durationMs: z.number().min(0),
  isError: z.boolean(),
});
export type TraceSpan = z.infer<typeof TraceSpan>;
export const TraceView = z.object({
  traceId: z.string(),
  link: z.url().nullable().describe('Jaeger’s own page of it'),
  spans: z.array(TraceSpan).max(traceSpansMax),
});
export type TraceView = z.infer<typeof TraceView>;

/** A message about an order as it stands in Kafka, `GET /orders/{id}/messages`. */
export const OrderMessage = z.object({
  id: z.string(),
  type: z.string(),
  from: z.string().describe('The service that sent it'),
  topic: z.string(),
  partition: count,
  offset: z.string(),
  at: z.iso.datetime(),
  data: z.unknown().describe('Without the card and the e-mail address'),
});
export type OrderMessage = z.infer<typeof OrderMessage>;
export const OrderMessages = z.object({ items: z.array(OrderMessage).max(1_000) });
export type OrderMessages = z.infer<typeof OrderMessages>;

/** `GET /orders/{id}/mails`: what lies in the mailbox about an order. */
export const OrderMails = z.object({
  items: z.array(z.object({ messageId: z.string(), subject: z.string(), at: z.string() })).max(20),
});
export type OrderMails = z.infer<typeof OrderMails>;
