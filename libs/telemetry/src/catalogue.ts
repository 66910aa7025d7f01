/** What one metric is. */
export interface Metric {
  kind: 'counter' | 'observable counter' | 'gauge' | 'up-down counter' | 'histogram';
  /** UCUM, as OpenTelemetry asks for: seconds, bytes, a share, or what is counted, in braces. */
  unit: 's' | 'By' | '1' | `{${string}}`;
  description: string;
  /** The labels besides service and instance, which every metric has from its resource. None of them is ever an order. */
  attributes?: readonly string[];
  /** The upper bounds of a histogram's buckets. */
  buckets?: readonly number[];
  /** It is read from the database, so every instance of a service tells the same: what counts is the largest, not the sum. */
  shared?: true;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const sizes = [1, 2, 5, 10, 25, 50, 100, 250, 500];

/** Every metric of our own, by its name. What is not here cannot be measured: the instruments are made from it. */
export const metricCatalogue = {
  // The shop: what became of orders.
  'doorbuster.orders.accepted': {
    kind: 'counter',
    unit: '{order}',
    description: 'Orders that were accepted',
  },
  'doorbuster.orders.confirmed': {
    kind: 'counter',
    unit: '{order}',
    description: 'Orders that were confirmed: stock is held and the money is taken',
  },
  'doorbuster.orders.cancelled': {
    kind: 'counter',
    unit: '{order}',
    description: 'Orders that were cancelled, all taken back',
    attributes: ['reason'],
  },
  'doorbuster.orders.open': {
    kind: 'gauge',
    unit: '{order}',
    description: 'Orders that are accepted and have not ended',
    shared: true,
  },
  'doorbuster.saga.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the acceptance of an order until it was confirmed or cancelled',
    attributes: ['outcome'],
    buckets: seconds,
  },
  'doorbuster.saga.step.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'How long an order was in a state before it left it',
    attributes: ['state'],
    buckets: seconds,
  },
  'doorbuster.stock.on_hand': {
    kind: 'gauge',
    unit: '{item}',
    description: 'Items on hand of the SKUs that sold best, ten of them',
    attributes: ['sku'],
    shared: true,
  },
  // The pipeline: what flows, and what waits.
  'doorbuster.batch.size': {
    kind: 'histogram',
    unit: '{input}',
    description: 'Inputs that were committed in one transaction',
    buckets: sizes,
  },
  'doorbuster.messages.handled': {
    kind: 'counter',
    unit: '{message}',
    description: 'Messages that a service handled; one that came again counts again',
    attributes: ['type'],
  },
  'doorbuster.gather.wait': {
    kind: 'histogram',
    unit: 's',
    description: 'How long the oldest input of a batch had waited for it',
    buckets: seconds,
  },
  'doorbuster.outbox.age': {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the oldest message that waits to be published',
    shared: true,
  },
  'doorbuster.outbox.depth': {
    kind: 'gauge',
    unit: '{message}',
    description: 'Messages that wait to be published',
    shared: true,
  },
  'doorbuster.effects.age': {
    kind: 'gauge',
    unit: 's',
    description: 'Age of the oldest call to the outside world that is not done, parked ones aside',
    shared: true,
  },
  'doorbuster.effects.depth': {
    kind: 'gauge',
    unit: '{effect}',
    description: 'Calls to the outside world that are not done, parked ones aside',
    shared: true,
  },
  'doorbuster.effects.parked': {
    kind: 'gauge',
    unit: '{effect}',
    description: 'Calls that failed for good and wait for an operator: parked sagas',
    shared: true,
  },
  'doorbuster.effect.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'Calls to the outside world: the acquirer, the mail server',
    attributes: ['type', 'outcome'],
    buckets: seconds,
  },
  'doorbuster.dead_letters': {
    kind: 'gauge',
    unit: '{message}',
    description: 'Dead letters that were not replayed',
    shared: true,
  },
  'doorbuster.duplicates.stopped': {
    kind: 'observable counter',
    unit: '{input}',
    description: 'Inputs that came again and changed nothing',
    shared: true,
  },
  'doorbuster.consumer.lag': {
    kind: 'gauge',
    unit: '{message}',
    description: 'Messages of a partition that its consumer group has not handled',
    attributes: ['group', 'topic', 'partition'],
  },
  // The door.
  'doorbuster.door.shed': {
    kind: 'counter',
    unit: '{request}',
    description: 'Orders that were turned away before anything was done about them',
    attributes: ['reason'],
  },
  'doorbuster.door.ejections': {
    kind: 'counter',
    unit: '{ejection}',
    description: 'Times that an instance was passed over',
    attributes: ['upstream', 'cause'],
  },
  'doorbuster.door.requests': {
    kind: 'observable counter',
    unit: '{request}',
    description: 'Requests of clients that were handed on; retries are not among them',
    attributes: ['upstream'],
  },
  'doorbuster.door.retries': {
    kind: 'observable counter',
    unit: '{request}',
    description: 'Requests that were sent once more, to another instance',
    attributes: ['upstream'],
  },
  'doorbuster.door.retries_left': {
    kind: 'gauge',
    unit: '{request}',
    description: 'Retries that could be made now',
    attributes: ['upstream'],
  },
  'doorbuster.door.ejected': {
    kind: 'gauge',
    unit: '{instance}',
    description: 'Instances that are passed over now',
    attributes: ['upstream'],
  },
  'doorbuster.streams': {
    kind: 'up-down counter',
    unit: '{stream}',
    description: 'Clients that follow an order live',
  },
  // HTTP, after the semantic conventions.
  'http.server.request.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the head of a request to the end of its answer',
    attributes: ['http.request.method', 'http.response.status_code', 'http.route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  'http.client.request.duration': {
    kind: 'histogram',
    unit: 's',
    description:
      'From when a request is handed on until the head of its answer is there; what got none has `error.type` and no status',
    attributes: ['upstream', 'http.request.method', 'http.response.status_code', 'error.type'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
  // The pools to PostgreSQL, after the semantic conventions.
  'db.client.connection.count': {
    kind: 'gauge',
    unit: '{connection}',
    description: 'Connections of a pool, by state: `idle` or `used`',
    attributes: ['db.client.connection.pool.name', 'db.client.connection.state'],
  },
  'db.client.connection.pending_requests': {
    kind: 'gauge',
    unit: '{request}',
    description: 'Who waits for a connection of a pool',
    attributes: ['db.client.connection.pool.name'],
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metricCatalogue;

/** What the libraries that we use measure by themselves, as far as boards and rules show it. */
export const libraryMetrics = {
  'nodejs.eventloop.delay.p99': {
    kind: 'gauge',
    unit: 's',
    description: 'How late the event loop gets to a timer: the 99th percentile since the last look',
  },
  'nodejs.eventloop.utilization': {
    kind: 'gauge',
    unit: '1',
    description: 'Share of the time in which the event loop was busy',
  },
  'v8js.memory.heap.used': {
    kind: 'up-down counter',
    unit: 'By',
    description: 'What the heap holds, by its spaces',
    attributes: ['v8js.heap.space.name'],
  },
} as const satisfies Record<string, Metric>;
