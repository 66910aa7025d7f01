import { json, resource } from '@doorbuster/service';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { Router } from 'express';
import { act, wordsFor } from '../../src/control/actions.ts';
import { createAsker } from '../../src/control/ask.ts';
import { actionsOf, openDesk } from '../../src/control/desk.ts';
import { closeServers, serve } from '../serve.ts';

const asker = createAsker();
afterEach(closeServers);
afterAll(asker.close);

const mark = { at: '2026-11-27T08:00:00.000Z', text: 'done' };

/** Somebody who is asked, and what they were asked. */
async function listener(status: number, answer: object) {
  const asked: object[] = [];
  const routes = Router();
  routes.use(json(), (req, res) => {
    const { method, path, body, headers } = req;
    asked.push({ method, path, body, authorization: headers.authorization });
    res.status(status).json(answer);
  });
  return { url: await serve(routes), asked };
}

/** A control room’s buttons; gives what came of pressing one. */
async function press(action: string, body: object, { desk, acquirer }: { desk?: string; acquirer?: string }) {
  const marks: object[] = [];
  const routes = Router();
  const own = desk === undefined ? undefined : openDesk(asker, desk);
  const handler = act({ asker, desk: own, acquirer, onMark: (one) => marks.push(one) });
  resource(routes, '/control/:action', { post: [json(), handler] });
  const response = await fetch(`${await serve(routes)}/control/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json(), marks };
}

describe('When a button is pressed', () => {
  test('then the desk is asked, with the same token, and says what came of it', async () => {
    const desk = await listener(200, { mark });
    const { status, answer } = await press('kill', { instance: 'order-1' }, { desk: desk.url });
    expect([status, answer]).toEqual([200, { mark }]);
    const path = '/desk/kill';
    const authorization = 'Bearer token';
    expect(desk.asked).toEqual([{ method: 'POST', path, body: { instance: 'order-1' }, authorization }]);
  });

  test.each([
    [409, 409],
    [404, 404],
    [401, 502],
    [500, 502],
  ])('and the desk says %i, then the answer is %i with its reason', async (says, status) => {
    const desk = await listener(says, { detail: 'order-9 is nobody' });
    const pressed = await press('kill', { instance: 'order-9' }, { desk: desk.url });
    expect(pressed).toMatchObject({ status, answer: { detail: 'order-9 is nobody' } });
  });

  test('and the desk is not there, then nobody knows what became of it', async () => {
    const pressed = await press('kill', { instance: 'order-1' }, { desk: 'http://127.0.0.1:9' });
    expect(pressed).toMatchObject({
      status: 502,
      answer: { detail: expect.stringMatching(/^The desk does not/) },
    });
  });

  test('and there is no desk, then it says why nothing can be done', async () => {
    const pressed = await press('kill', { instance: 'order-1' }, {});
    expect(pressed).toMatchObject({
      status: 409,
      answer: { detail: expect.stringMatching(/no supervisor/) },
    });
  });

  test.each([
    ['kill', {}, 422],
    ['pause', { instance: 'order-1', paused: 'yes' }, 422],
    ['scale', { service: 'order', instances: 17 }, 422],
    ['spike', { seconds: 1, basePerS: 1, peakPerS: 1, seed: 1 }, 422],
    ['acquirer', { declinePercent: 101 }, 422],
    ['fly', {}, 404],
    ['constructor', {}, 404],
  ])('%s with %o, then it is %i and nobody is asked', async (action, body, status) => {
    const desk = await listener(200, { mark });
    const pressed = await press(action, body, { desk: desk.url, acquirer: desk.url });
    expect([pressed.status, desk.asked]).toEqual([status, []]);
  });

  test('and it is a knob of the acquirer’s, then that is turned, and marked', async () => {
    const acquirer = await listener(200, {});
    const knobs = { latencyMs: 500, declinePercent: 50 };
    const { status, answer, marks } = await press('acquirer', knobs, { acquirer: acquirer.url });
    expect([status, answer]).toEqual([200, { mark: marks[0] }]);
    expect(marks).toMatchObject([{ text: 'The acquirer: 500 ms slower, declines 50 %' }]);
    expect(acquirer.asked).toMatchObject([{ method: 'PUT', path: '/knobs', body: knobs }]);
  });

  test('and nobody told this shop of an acquirer, then it says so', async () => {
    expect(await press('acquirer', { latencyMs: 0 }, {})).toMatchObject({ status: 409, marks: [] });
  });
});

test('When knobs are turned back, then the mark says that too', () => {
  expect(wordsFor({ latencyMs: 0, lostAnswerPercent: 0 })).toBe(
    'The acquirer: no delay, loses 0 % of its answers',
  );
  expect(wordsFor({})).toBe('The acquirer: as it was');
});

test('When it is asked which buttons can be pressed, then each has its reason why not', () => {
  const without = actionsOf({ hasDesk: false, view: undefined, hasAcquirer: true });
  expect(without).toMatchObject({ acquirer: null, kill: expect.stringMatching(/no supervisor/) });
  const silent = actionsOf({ hasDesk: true, view: undefined, hasAcquirer: false });
  expect(silent).toMatchObject({ kill: expect.stringMatching(/does not answer/) });
  expect(silent.acquirer).toMatch(/not told/);
});
