import type { Message, MessageType, Operator } from '@doorbuster/contracts';
import type { ReceivedRecord } from '@doorbuster/messaging';

/** What every input has, wherever it came from. */
interface Common {
  /** The order that it concerns: inputs of one key are decided one after the other. */
  key: string;
  type: string;
  /** W3C trace context of what caused it. */
  traceparent: string | undefined;
  /** How much work it is, counted in order lines; a batch is bounded by the sum. */
  weight: number;
}

/** A message from another service. */
export interface MessageInput<T extends MessageType = MessageType> extends Common {
  kind: 'message';
  id: string;
  message: Message<T>;
  record: ReceivedRecord;
  /** Set when an operator sends a dead letter through again. */
  replay?: Replay;
}

/** Who sends which dead letter through again, and why. */
export interface Replay extends Operator {
  deadLetterId: number;
}

/** An HTTP request. */
export interface RequestInput<Request> extends Common {
  kind: 'request';
  request: Request;
}

/** The answer of the outside world to an effect. */
export interface AnswerInput<Answer> extends Common {
  kind: 'answer';
  effectKey: string;
  answer: Answer;
  /** Set when an operator answers for the outside world; it counts only while the effect is parked. */
  byHand?: Operator;
}

/** A deadline that somebody saw pass; it counts only for the version that it was set for. */
export interface TimeoutInput extends Common {
  kind: 'timeout';
  type: 'TimedOut';
  version: number;
}

/** A record that is not a message of ours. It passes the pipeline only to be parked. */
export interface PoisonInput extends Common {
  kind: 'poison';
  record: ReceivedRecord;
  id: string | undefined;
  reason: string;
  detail: string;
}

/** What a service decides about. */
export type Input<Request = never, Answer = never> =
  | MessageInput
  | RequestInput<Request>
  | AnswerInput<Answer>
  | TimeoutInput;

/** A call to the outside world that the decision asks for. Its key is `orderId:operation`, once per order. */
export interface Effect {
  type: string;
  data: Record<string, unknown>;
}

/** Whatever a service decides about has a version that only grows. */
export interface Versioned {
  version: number;
}

/** What a decision says; the pipeline saves all of it in one transaction, or nothing. */
export interface Decision<State extends Versioned> {
  state: State;
  messages?: Message[];
  effects?: Effect[];
  /** Ask again after so many milliseconds by the database's clock; null: nothing is waited for any more. */
  deadlineMs?: number | null;
  /** Why nothing came of it. */
  ignored?: string;
  /** What a reader of the timeline should know besides. */
  note?: string | undefined;
  /** True when only a business key stopped it from happening twice. */
  duplicate?: boolean;
}

/** What became of an input, told to whoever brought it. */
export type Outcome<State> =
  | { kind: 'decided'; state: State; ignored?: string | undefined }
  | { kind: 'replayed'; state: State }
  | { kind: 'conflict' }
  | { kind: 'duplicate' }
  | { kind: 'parked' }
  | { kind: 'failed'; error: unknown };
