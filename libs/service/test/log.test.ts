import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const token = 'eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl-_x';
const log = new URL('../src/log.ts', import.meta.url).href;
const run = promisify(execFile);

/** What a service writes when it logs these, as whoever reads its standard output gets it. */
async function written(...entries: [fields: object, message: string][]) {
  const program = `
    const { createLog } = await import(process.argv[1]);
    const log = createLog('payment-2', 'info');
    for (const [fields, message] of ${JSON.stringify(entries)}) log.info(fields, message);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program, log]);
  const lines = stdout.trim().split('\n');
  return { lines: lines.map((line) => JSON.parse(line)) };
}

test('When a line is written, then it is JSON and says when, how bad, which service and which instance', async () => {
  const { lines } = await written([{ orderId: 'o-1' }, 'Effect parked']);
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'payment',
      instance: 'payment-2',
      orderId: 'o-1',
      msg: 'Effect parked',
    },
  ]);
});

describe('When something secret comes into a line, then it does not come out', () => {
  test('as a field', async () => {
    const secret = { card: 'tok_ok', email: 'ann@example.com', authorization: 'Bearer s3cret-enough' };
    const { lines } = await written([secret, ''], [{ a: secret }, ''], [{ a: { b: secret } }, '']);
    const censored = { card: '[redacted]', email: '[redacted]', authorization: '[redacted]' };
    expect(lines).toMatchObject([censored, { a: censored }, { a: { b: censored } }]);
  });

  test('within a text', async () => {
    const texts: [text: string, secret: string, left: string][] = [
      [
        'connect to postgres://order:pa55/w@rd@127.0.0.1:5432/order',
        'pa55/w@rd',
        'postgres://order:[redacted]@127.0.0.1:5432/order',
      ],
      ['smtp://:pa55word@mail.example/', 'pa55word', 'smtp://:[redacted]@mail.example/'],
      ['headers: Authorization: Bearer abc.def-ghi', 'abc.def-ghi', 'Bearer [redacted]'],
      ['{"authorization":"Basic YTpi"}', 'YTpi', 'Basic [redacted]'],
      ['Key (email)=(ann.lee+shop@mail.example.com) exists', 'ann.lee', 'Key (email)=([redacted]) exists'],
      ['The acquirer answered 400: {"card":"tok_slow_card"}', 'tok_slow', 'answered 400'],
      [`The token ${token} is wrong`, 'eyJ', 'The token [redacted] is wrong'],
    ];
    const { lines } = await written(...texts.map(([text]): [object, string] => [{ error: text }, text]));
    for (const [n, [, secret, left]] of texts.entries()) {
      expect(JSON.stringify(lines[n])).not.toContain(secret);
      expect(lines[n]).toMatchObject({
        error: expect.stringContaining(left),
        msg: expect.stringContaining(left),
      });
    }
  });
});

test('When nothing in a line is secret, then it stays as it is', async () => {
  const plain = 'POST http://127.0.0.1:4001/orders: jest@30.5.2, "libs/@doorbuster", 12:30, order-1';
  const { lines } = await written([{ url: plain }, plain]);
  expect(lines).toMatchObject([{ url: plain, msg: plain }]);
});
