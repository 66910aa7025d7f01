import { z } from 'zod';
import { json, type Operation } from './operation.ts';

export const Live = z.object({ status: z.literal('live') });
export const Ready = z.object({ status: z.literal('ready') });
export const NotReady = z.object({ status: z.literal('not ready') });
/** A document of another standard, which has a schema of its own. */
export const Document = z.looseObject({});

const documents = 'Documents';
export const health = 'Health';

/** What the gateway says about itself. */
export const houseOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/openapi.json',
    id: 'readOpenApi',
    tag: documents,
    summary: 'This document',
    answers: { 200: json('OpenAPI 3.1', Document) },
  },
  {
    method: 'get',
    path: '/asyncapi.json',
    id: 'readAsyncApi',
    tag: documents,
    summary: 'What the services tell each other through Kafka',
    answers: { 200: json('AsyncAPI 3', Document) },
  },
  {
    method: 'get',
    path: '/docs',
    id: 'readPage',
    tag: documents,
    summary: 'This document, for people',
    answers: { 200: { description: 'A page', content: { type: 'text/html', schema: z.string() } } },
  },
  {
    method: 'get',
    path: '/health/live',
    id: 'isLive',
    tag: health,
    summary: 'Tells that the process runs',
    answers: { 200: json('It runs', Live) },
  },
  {
    method: 'get',
    path: '/health/ready',
    id: 'isReady',
    tag: health,
    summary: 'Tells whether it should get work',
    answers: { 200: json('It should', Ready), 503: json('It should not', NotReady) },
  },
];
