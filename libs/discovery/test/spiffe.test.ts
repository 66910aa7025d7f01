import { expect, test } from '@jest/globals';
import { serviceNamedIn } from '../src/mesh/spiffe.ts';

const domain = '11111111-2222-3333-4444-555555555555.consul';
const gateway = `URI:spiffe://${domain}/ns/default/dc/dc1/svc/gateway`;

test('When a certificate names one service of ours, then it is that one', () => {
  expect(serviceNamedIn(gateway, domain)).toBe('gateway');
});

test.each([
  ['no name at all', undefined],
  ['an empty name', ''],
  ['a name of another trust domain', gateway.replace('1111', '9999')],
  ['a trust domain that only begins like ours', gateway.replace('.consul/', '.consul.evil/')],
  ['a second name', `${gateway}, URI:spiffe://${domain}/ns/default/dc/dc1/svc/order`],
  ['a name of a host before it', `DNS:gateway, ${gateway}`],
  ['a name of a host that looks like ours', gateway.replace('URI:', 'DNS:')],
  // What would read as two names stands in quotation marks: CVE-2021-44532.
  ['a name with a name in it', `URI:"spiffe://${domain}/ns/default/dc/x, ${gateway}"`],
  ['another namespace', gateway.replace('/ns/default/', '/ns/else/')],
  ['something after it', `${gateway}/admin`],
  ['an agent of Consul', `URI:spiffe://${domain}/agent/client/dc/dc1/id/gateway`],
])('When a certificate has %s, then it names nobody', (_what, subjectAltName) => {
  expect(serviceNamedIn(subjectAltName, domain)).toBeUndefined();
});
