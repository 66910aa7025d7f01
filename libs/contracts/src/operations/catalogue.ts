import { z } from 'zod';
import { Product, ProductPage, ProductQuery, StockView } from '../http.ts';
import { Sku } from '../values.ts';
import { type Answer, handedOn, json, type Operation, problem } from './operation.ts';

const tag = 'Catalogue';
const ifNoneMatch = { 'If-None-Match': z.string().describe('The `ETag` of an earlier answer').optional() };
const unchanged: Answer = { description: 'The catalogue has not changed', headers: ['ETag'] };

/** What is sold, and how much of it is there. */
export const catalogueOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/products',
    id: 'listProducts',
    tag,
    summary: 'Lists what is sold, a page at a time',
    query: ProductQuery.shape,
    headers: ifNoneMatch,
    answers: {
      200: json('A page of the catalogue', ProductPage, ['ETag']),
      304: unchanged,
      400: problem('A query that makes no sense'),
      ...handedOn,
    },
  },
  {
    method: 'get',
    path: '/products/{sku}',
    id: 'showProduct',
    tag,
    summary: 'Shows a product',
    inPath: { sku: Sku },
    headers: ifNoneMatch,
    answers: {
      200: json('The product', Product, ['ETag']),
      304: unchanged,
      404: problem('It is not sold'),
      ...handedOn,
    },
  },
  {
    method: 'get',
    path: '/stock/{sku}',
    id: 'showStock',
    tag,
    summary: 'Tells how many of a product can be had',
    inPath: { sku: Sku },
    answers: { 200: json('The stock', StockView), 404: problem('It is not stocked'), ...handedOn },
  },
];
