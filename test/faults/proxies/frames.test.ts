import { expect, test } from '@jest/globals';
import { frame, request } from './frame-writer.ts';
import { correlationOf, createFrameReader, readRequestHead } from './frames.ts';

test('When frames come in pieces, then each is read as a whole, and none twice', () => {
  const frames = [request(0, 1, 'order-1'), request(1, 2, ''), frame(Buffer.alloc(0))];
  const bytes = Buffer.concat(frames);
  for (const size of [1, 3, 7, bytes.length]) {
    const read: Buffer[] = [];
    const reader = createFrameReader((one) => read.push(Buffer.from(one)));
    for (let at = 0; at < bytes.length; at += size) reader(bytes.subarray(at, at + size));
    expect(read).toEqual(frames);
  }
});

test('When a frame is read, then its head tells what it is', () => {
  expect(readRequestHead(request(8, 77, 'payment-2'))).toEqual({
    apiKey: 8,
    correlationId: 77,
    clientId: 'payment-2',
  });
  const nameless = request(0, 5, '');
  nameless.writeInt16BE(-1, 12);
  expect(readRequestHead(nameless).clientId).toBe('');
  expect(correlationOf(frame(Buffer.from([0, 0, 0, 77, 1])))).toBe(77);
});
