import type { z } from 'zod';
import * as admin from '../admin.ts';
import * as control from '../control.ts';
import * as door from '../door.ts';
import * as http from '../http.ts';
import * as values from '../values.ts';
import { catalogueOperations } from './catalogue.ts';
import { controlOperations } from './control.ts';
import * as house from './house.ts';
import { type Operation, ProblemDocument, tooOften } from './operation.ts';
import * as operators from './operators.ts';
import { orderOperations } from './orders.ts';

/** Everything that the gateway does. The OpenAPI document is made from this table and from nothing else. */
export const operations: readonly Operation[] = [
  ...orderOperations,
  ...catalogueOperations,
  ...controlOperations,
  ...operators.operatorOperations,
  ...house.houseOperations,
].map((operation) =>
  operation.tag === house.health
    ? operation
    : { ...operation, answers: { 429: tooOften, ...operation.answers } },
);

/** The schemas that have a name in the document; wherever one is used, it is referred to. */
export const named: Record<string, z.ZodType> = {
  PlaceOrderBody: http.PlaceOrderBody,
  Customer: values.Customer,
  Line: values.Line,
  AcceptedOrder: http.AcceptedOrder,
  PricedLine: values.PricedLine,
  OrderView: http.OrderView,
  TimelineEntry: http.TimelineEntry,
  OrderEvent: http.OrderEvent,
  OrderEnd: http.OrderEnd,
  CancelReason: values.CancelReason,
  Product: http.Product,
  ProductPage: http.ProductPage,
  StockView: http.StockView,
  DeadLetterPage: admin.DeadLetterPage,
  DeadLetter: admin.DeadLetter,
  DeadLetterDetail: admin.DeadLetterDetail,
  ReplayBody: admin.ReplayBody,
  ReplayResults: operators.ReplayResults,
  EditBody: admin.EditBody,
  Replayed: admin.Replayed,
  OperatorActions: operators.OperatorActions,
  OperatorAction: admin.OperatorAction,
  Operator: values.Operator,
  DoorView: door.DoorView,
  UpstreamView: door.UpstreamView,
  InstanceView: door.InstanceView,
  ParkedEffects: operators.ParkedEffects,
  ParkedEffect: admin.ParkedEffect,
  Retried: operators.Retried,
  ResolveBody: admin.ResolveBody,
  Resolved: operators.Resolved,
  ControlHello: control.ControlHello,
  ControlSnapshot: control.ControlSnapshot,
  ControlService: control.ControlService,
  ControlInstance: control.ControlInstance,
  SpikeView: control.SpikeView,
  LiveVerdict: control.LiveVerdict,
  LiveInvariant: control.LiveInvariant,
  AcquirerKnobs: control.AcquirerKnobs,
  Mark: control.Mark,
  ActionDone: control.ActionDone,
  TraceView: control.TraceView,
  TraceSpan: control.TraceSpan,
  OrderMessages: control.OrderMessages,
  OrderMessage: control.OrderMessage,
  OrderMails: control.OrderMails,
  Live: house.Live,
  Ready: house.Ready,
  NotReady: house.NotReady,
  Document: house.Document,
  Problem: ProblemDocument,
};
