import { flows, isMessageType, participants } from '@doorbuster/contracts';
import { describe, expect, test } from '@jest/globals';
import { triggers } from '../../services/order/src/checkout.saga.ts';
import { filesUnder, readSource } from './source.ts';

/** The message types that a pattern finds in the code of a service. */
function typesIn(service: string, pattern: RegExp): string[] {
  const texts = filesUnder(`services/${service}/src`).map((file) => readSource(file).text);
  const found = texts.flatMap((text) => [...text.matchAll(pattern)].map(([, type = '']) => type));
  return [...new Set(found)].filter(isMessageType).sort();
}

describe.each(participants)('When it is written down what %s sends and receives', (service) => {
  const { sends, receives } = flows[service];

  test('then those are the messages that its code makes', () => {
    expect(typesIn(service, /\btype: '(\w+)'/g)).toEqual(sends.toSorted());
  });

  test('then those are the messages that it decides about', () => {
    const decided =
      service === 'order' ? triggers.filter(isMessageType) : typesIn(service, /\bcase '(\w+)':/g);
    expect(decided.toSorted()).toEqual(receives.toSorted());
  });
});
