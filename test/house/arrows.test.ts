import { describe, expect, test } from '@jest/globals';
import { misshapen, rules } from './arrows.ts';
import { filesUnder, importsOf, type Source, typeScript } from './source.ts';

const sources = typeScript();
// These two hold examples of everything that is forbidden.
const examples = ['test/house/arrows.ts', 'test/house/arrows.test.ts'];

/** Made-up files that break one rule each; a rule without one has not been seen to bite. */
const bad: Record<string, Source[]> = {
  'services import libraries, and no other service': [
    { path: 'services/order/src/a.ts', text: "import { x } from '@doorbuster/payment';" },
    { path: 'services/order/src/a.ts', text: "export * from '@doorbuster/stack';" },
  ],
  'libraries import only the libraries that they are allowed to': [
    { path: 'libs/saga/src/a.ts', text: "import type { Input } from '@doorbuster/pipeline';" },
    { path: 'libs/contracts/src/a.ts', text: "import {\n  a,\n  b,\n} from '@doorbuster/messaging';" },
    { path: 'libs/pipeline/src/a.ts', text: "await import(\n  '@doorbuster/order'\n);" },
  ],
  'no relative import leaves its own service or library': [
    { path: 'services/order/src/a.ts', text: "import { decide } from '../../payment/src/payment.ts';" },
    { path: 'libs/service/src/a.ts', text: "import '../../pipeline/src/trace.ts';" },
    {
      path: 'libs/stack/src/tools/a.ts',
      text: "export { x } from '../../../../services/order/src/order.ts';",
    },
  ],
  'only libs/messaging imports kafkajs': [
    { path: 'services/order/src/a.ts', text: "import { Kafka } from 'kafkajs';" },
    { path: 'test/a.ts', text: "const q = require('kafkajs/src/network/requestQueue/index.js');" },
  ],
  'only libs/discovery imports consul': [
    { path: 'libs/service/src/a.ts', text: "import Consul from 'consul';" },
  ],
  'only libs/operator imports jose': [
    { path: 'libs/service/src/a.ts', text: "import { jwtVerify } from 'jose';" },
    { path: 'test/support/a.ts', text: "import { SignJWT } from 'jose';" },
  ],
  'only libs/telemetry makes instruments, from its catalogue of metrics': [
    { path: 'services/order/src/a.ts', text: "const meter = metrics.getMeter('order');" },
    { path: 'libs/pipeline/src/a.ts', text: "const size = meter.createHistogram('size');" },
    { path: 'test/a.ts', text: "meter.createObservableUpDownCounter('x')" },
  ],
  'the page takes types from the contracts, and nothing else of ours': [
    { path: 'services/gateway/web/src/a.tsx', text: "import { topics } from '@doorbuster/contracts';" },
    { path: 'services/gateway/web/src/a.ts', text: "import type { Saga } from '@doorbuster/saga';" },
  ],
  'nothing in production listens at failpoints, so nobody outside can end a process there': [
    { path: 'libs/service/src/admin.ts', text: "import { subscribe } from 'node:diagnostics_channel';" },
    { path: 'services/order/src/a.ts', text: 'channel(failpointChannel).subscribe(end)' },
  ],
  'process.env is read only where configuration is': [
    { path: 'services/order/src/a.ts', text: 'const { PORT } = process.env;' },
    { path: 'libs/service/src/log.ts', text: "const level = process.env['LOG_LEVEL'];" },
    { path: 'services/order/src/a.ts', text: "import { env } from 'node:process';" },
  ],
  'nothing is left to a chance that cannot be repeated': [
    { path: 'test/load/a.ts', text: 'const wait = Math.random() * 10;' },
  ],
  'services say what their values are': [
    { path: 'services/order/src/a.ts', text: 'function f(data: any) {}' },
    { path: 'services/order/src/a.ts', text: 'const x = y as any;' },
    { path: 'services/order/src/a.ts', text: 'const m = new Map<any, string>();' },
    { path: 'services/order/src/a.ts', text: 'type T = string | any;' },
  ],
  'the world outside says so in its first line': [
    { path: 'services/acquirer/src/a.ts', text: "import { z } from 'zod';" },
  ],
};

describe.each(rules.map(({ name }) => name))('When the house is looked through: %s', (name) => {
  const breaches = (file: Source) => rules.find((rule) => rule.name === name)?.breaches(file) ?? [];

  test('then every file keeps to it', () => {
    expect(sources.filter(({ path }) => !examples.includes(path)).flatMap(breaches)).toEqual([]);
  });

  test('then a file that breaks it is found', () => {
    expect(bad[name]?.length).toBeGreaterThan(0);
    for (const file of bad[name] ?? []) expect([file.text, breaches(file).length]).toEqual([file.text, 1]);
  });
});

test('When imports are read, then every form is seen and words are not', () => {
  const text = `
    import a from 'a';
    import type { B } from "b";
    import {
      c,
      d as e,
    } from 'c/deep';
    import 'side-effect';
    export * from '@scope/f';
    export { g } from './g.ts';
    const h = await import('h');
    const i = require('i');
    // Nothing comes from 'a comment', and 'import' is a word.
    const from = 'elsewhere';
  `;
  const found = ['a', 'b', 'c/deep', '@scope/f', './g.ts', 'side-effect', 'h', 'i'];
  expect(importsOf({ text })).toEqual(found);
});

describe('When the services are compared', () => {
  const files = filesUnder('services');

  test('then each has the same few files, or a reason', () => {
    expect(misshapen(files)).toEqual([]);
  });

  test('then a missing file, an outdated reason and an unknown service are found', () => {
    expect(misshapen(files.filter((file) => file !== 'services/order/src/store.ts'))).toEqual([
      'services/order has no store.ts',
    ]);
    expect(misshapen([...files, 'services/notification/src/api.ts'])).toEqual([
      'services/notification has api.ts after all',
    ]);
    expect(misshapen(files, ['parcels'])).toEqual(['services/parcels has no shape in test/house/arrows.ts']);
  });
});

test('When files are collected, then all of the house is among them', () => {
  const paths = sources.map(({ path }) => path);
  for (const one of ['services/order/src/main.ts', 'libs/saga/src/table.ts', 'test/run.ts'])
    expect(paths).toContain(one);
  expect(paths.some((file) => file.includes('node_modules'))).toBe(false);
});
