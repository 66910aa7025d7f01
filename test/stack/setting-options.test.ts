import { expect, test } from '@jest/globals';
import { readSettingCommand } from '../../libs/stack/src/cli/setting-options.ts';

test('When a setting is set, then service, setting and value are told, and the shop if it was named', () => {
  expect(readSettingCommand(['set', 'gateway', 'TRACE_SHARE', '0.5', '--info', 'shop.json'])).toEqual({
    ...{ kind: 'set', service: 'gateway', name: 'TRACE_SHARE', text: '0.5', info: 'shop.json' },
  });
  expect(readSettingCommand(['unset', 'gateway', 'TRACE_SHARE'])).toEqual({
    ...{ kind: 'unset', service: 'gateway', name: 'TRACE_SHARE', info: undefined },
  });
});

test.each([
  [[], 'Something has to be done'],
  [['get'], 'There is no get'],
  [['list', 'gateway'], 'There is nothing to be named in a list'],
  [['set', 'gateway', 'TRACE_SHARE'], 'A service, a setting and one value are needed'],
  [['set', 'gateway', 'TRACE_SHARE', ' '], 'A service, a setting and one value are needed'],
  [['set', 'gateway', 'TRACE_SHARE', '0', '1'], 'A service, a setting and one value are needed'],
  [['unset', 'gateway'], 'A service and one setting are needed'],
  [['unset', 'gateway', 'TRACE_SHARE', '0'], 'A service and one setting are needed'],
  [['list', '--colour'], "Unknown option '--colour'"],
])('When %j is asked for, then one sentence says what is wrong', (args, sentence) => {
  expect(() => readSettingCommand(args)).toThrow(
    expect.objectContaining({ name: 'SetupError', message: expect.stringContaining(sentence) }),
  );
});
