import { z } from 'zod';
import {
  DeadLetterDetail,
  DeadLetterPage,
  DeadLetterQuery,
  EditBody,
  OperatorAction,
  ParkedEffect,
  ReplayBody,
  Replayed,
  ResolveBody,
} from '../admin.ts';
import { ActionDone, ActionName, AnyActionBody } from '../control.ts';
import { DoorView } from '../door.ts';
import { participants } from '../flows.ts';
import { Cents, Operator, OrderId } from '../values.ts';
import { type Answer, handedOn, json, type Operation, problem, withBody } from './operation.ts';

export const ReplayResults = z.object({ results: z.array(Replayed) });
export const OperatorActions = z.object({ items: z.array(OperatorAction) });
export const ParkedEffects = z.object({ items: z.array(ParkedEffect) });
export const Retried = z.object({
  orderId: OrderId,
  calls: z.int().describe('How many calls are made again'),
});
export const Resolved = z.object({ orderId: OrderId, refundedCents: Cents });

const service = z.enum(participants).describe('Whose');
const letter = z.int().min(1).describe('The dead letter');
const order = OrderId.describe('The order');
const noLetter = problem('There is no such dead letter');
const notParked = problem('Nothing of this order is parked that this could be done to');

/** What the door says to somebody who has not shown that they are an operator. */
const closed: Record<number, Answer> = {
  401: problem('Without an operator’s token, or with one that is wrong or has expired', ['WWW-Authenticate']),
  403: problem('This shop knows no operator’s key, so nobody may'),
};

const queryNotes: Record<string, string> = {
  type: 'Only messages of this type',
  reason: 'Only those parked for this reason',
  open: '`true`: only those that nobody has replayed',
  after: 'The `next` of the page before',
  limit: 'How many at most',
};
const query = Object.fromEntries(
  Object.entries(DeadLetterQuery.shape).map(([name, schema]) => [
    name,
    schema.describe(queryNotes[name] ?? name),
  ]),
);

const desk: readonly Omit<Operation, 'forOperators' | 'tag'>[] = [
  {
    method: 'get',
    path: '/admin/{service}/dead-letters',
    id: 'listDeadLetters',
    summary: 'Lists the messages that a service could not handle',
    inPath: { service },
    query,
    answers: { 200: json('A page of them', DeadLetterPage), 400: problem('A query that makes no sense') },
  },
  {
    method: 'get',
    path: '/admin/{service}/dead-letters/{id}',
    id: 'showDeadLetter',
    summary: 'Shows a dead letter with its headers and its bytes',
    inPath: { service, id: letter },
    answers: { 200: json('The letter', DeadLetterDetail), 404: noLetter },
  },
  {
    method: 'post',
    path: '/admin/{service}/dead-letters/replay',
    id: 'replayDeadLetters',
    summary: 'Sends dead letters through the pipeline again, each exactly once',
    inPath: { service },
    body: ReplayBody,
    example: { by: 'ann', why: 'the bug is mended', ids: [1, 2] },
    answers: {
      200: json('What came of each', ReplayResults),
      ...withBody,
      422: problem('The body is not what this takes'),
    },
  },
  {
    method: 'post',
    path: '/admin/{service}/dead-letters/{id}/edit',
    id: 'editDeadLetter',
    summary: 'Sends another message in a letter’s place, linked to it',
    inPath: { service, id: letter },
    body: EditBody,
    example: {
      by: 'ann',
      why: 'the id was cut off',
      type: 'StockReserved',
      data: { orderId: '01900000-0000-7000-8000-000000000000' },
    },
    answers: {
      200: json('What came of it', Replayed),
      ...withBody,
      404: noLetter,
      422: problem('The body is not what this takes, or the new message is against its contract too'),
    },
  },
  {
    method: 'get',
    path: '/admin/{service}/actions',
    id: 'listActions',
    summary: 'Lists what operators did at a service, the latest first',
    inPath: { service },
    answers: { 200: json('What they did', OperatorActions) },
  },
  {
    method: 'get',
    path: '/admin/sagas',
    id: 'listParkedSagas',
    summary: 'Lists the orders whose compensation failed for good',
    answers: { 200: json('The calls that wait for an operator', ParkedEffects) },
  },
  {
    method: 'post',
    path: '/admin/sagas/{id}/retry',
    id: 'retrySaga',
    summary: 'Makes the parked calls of an order again',
    inPath: { id: order },
    body: Operator,
    example: { by: 'ann', why: 'the acquirer is up again' },
    answers: {
      202: json('They will be made', Retried),
      ...withBody,
      404: problem('There is no such order'),
      409: notParked,
      422: problem('The body is not what this takes'),
    },
  },
  {
    method: 'post',
    path: '/admin/sagas/{id}/resolve',
    id: 'resolveSaga',
    summary: 'Says that the money went back by other means',
    inPath: { id: order },
    body: ResolveBody,
    example: { by: 'ann', why: 'paid back by bank transfer', refundedCents: 1_250 },
    answers: {
      200: json('The saga goes on', Resolved),
      ...withBody,
      404: problem('There is no such order'),
      409: notParked,
      422: problem('The body is not what this takes, or more than the order was for'),
    },
  },
];

/** What the gateway itself tells an operator. */
const door: typeof desk = [
  {
    method: 'get',
    path: '/admin/instances',
    id: 'listInstances',
    summary: 'Lists the instances that the gateway knows, and what it retried',
    answers: { 200: json('Each service with its instances', DoorView) },
  },
  {
    method: 'get',
    path: '/admin/whoami',
    id: 'whoAmI',
    summary: 'Tells whether the operator’s token is right',
    answers: { 204: { description: 'It is' } },
  },
  {
    method: 'post',
    path: '/admin/control/{action}',
    id: 'act',
    summary: 'Presses a button of the control room',
    description:
      'Which can be pressed here, the stream of `/control/events` says in its `hello`, and why not.',
    inPath: { action: ActionName.describe('Which button') },
    body: AnyActionBody,
    example: { instance: 'payment-1' },
    answers: {
      200: json('It is done, and this is written on the charts', ActionDone),
      ...withBody,
      404: problem('There is no such action, or nobody of that name'),
      409: problem('It cannot be done here, or not now'),
      422: problem('The body is not what this action takes'),
      502: problem('Whoever does it does not answer', ['Retry-After']),
    },
  },
];

const forOperators = (operation: (typeof desk)[number]): Operation => ({
  ...operation,
  tag: 'Operators',
  forOperators: true,
  answers: { ...operation.answers, ...closed },
});

/** What an operator can see and do. Whatever changes something is written down with who did it and why. */
export const operatorOperations: readonly Operation[] = [
  ...desk.map(forOperators).map((operation) => ({
    ...operation,
    answers: { ...operation.answers, ...handedOn },
  })),
  ...door.map(forOperators),
];
