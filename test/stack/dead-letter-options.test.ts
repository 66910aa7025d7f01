import { expect, test } from '@jest/globals';
import { readDeadLetterCommand } from '../../libs/stack/src/cli/dead-letter-options.ts';

test('When a selection is replayed, then it is by letters, or by type and reason', () => {
  expect(readDeadLetterCommand(['replay', 'order', '3', '5', '--why', 'x', '--by', 'ann'])).toMatchObject({
    ...{ kind: 'replay', service: 'order', ids: [3, 5], by: 'ann', why: 'x' },
  });
  expect(readDeadLetterCommand(['replay', 'order', '--reason', 'not JSON', '--why', 'x'])).toMatchObject({
    ...{ kind: 'replay', ids: undefined, reason: 'not JSON' },
  });
});

test.each([
  [[], 'Something has to be done'],
  [['burn'], 'There is no burn'],
  [['list', 'mailbox'], 'The service is one of order, inventory, payment, notification'],
  [['show', 'order', 'x'], 'A dead letter is a whole number, not "x"'],
  [['replay', 'order', '--why', 'x'], 'Name the letters, or a --type or --reason'],
  [['replay', 'order', '1'], '--why says why; it is kept'],
  [['edit', 'order', '1', '--why', 'x'], '--data names the file with the new message'],
  [['list', '--colour'], "Unknown option '--colour'"],
])('When %j is asked for, then one sentence says what is wrong', (args, sentence) => {
  expect(() => readDeadLetterCommand(args)).toThrow(
    expect.objectContaining({ name: 'SetupError', message: expect.stringContaining(sentence) }),
  );
});
