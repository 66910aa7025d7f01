import { participants } from '@doorbuster/contracts';
import { expect, test } from '@jest/globals';
import { readSource } from './source.ts';

const { text } = readSource('libs/stack/servers/consul/intentions.hcl');

test('When nothing is said of a service, then nobody may call it', () => {
  expect(text).toContain('default_intention_policy = "deny"');
});

test('When the gateway hands requests on, then those behind it let it in, and nobody else', () => {
  const said = [...text.matchAll(/Name\s+= "(.+)"\n\s+Sources = \[(.+)\]/g)];
  expect(said.map(([, service, sources]) => [service, sources])).toEqual(
    participants.map((service) => [service, '{ Name = "gateway", Action = "allow" }']),
  );
});
