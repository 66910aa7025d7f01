import { describe, expect, test } from '@jest/globals';
import { formatEvent, parseLastEventId } from '../src/event-stream.ts';

describe('When an event is written down', () => {
  test('then it has its id, its name, one line of data and an empty line', () => {
    const text = formatEvent({ id: 3, event: 'order', data: { state: 'paying' } });
    expect(text).toBe('id: 3\nevent: order\ndata: {"state":"paying"}\n\n');
  });

  test('and nobody can go on from it, then it has no id', () => {
    expect(formatEvent({ event: 'snapshot', data: {} })).toBe('event: snapshot\ndata: {}\n\n');
  });

  test('and a text in it has line breaks of any kind, then it is one line all the same', () => {
    const data = { note: 'a\nb\rc\r\nd\u2028e\u2029f\u0085g', 'key\n': '\n\n' };
    const text = formatEvent({ id: 1, event: 'order', data });
    const lines = text.split(/\r\n|\r|\n/);
    expect(lines).toHaveLength(5);
    expect(JSON.parse(lines[2]?.slice('data: '.length) ?? '')).toEqual(data);
  });
});

describe('When a client says which event it saw last', () => {
  test.each([
    [undefined, 0],
    ['0', 0],
    ['7', 7],
    ['999999999', 999_999_999],
  ])('%p, then it goes on after %p', (header, version) => {
    expect(parseLastEventId(header)).toBe(version);
  });

  test.each(['', ' ', '-1', '1.5', '1e3', '0x10', '7, 8', 'seven', '9999999999'])(
    '%p, then it makes no sense',
    (header) => {
      expect(parseLastEventId(header)).toBeUndefined();
    },
  );
});
