import path from 'node:path';
import { foldersOf, importsOf, packageOf, type Source } from './source.ts';

/** Something that the house does not allow, as a pure check of one file. */
export interface Rule {
  name: string;
  /** A sentence for each breach in this file. */
  breaches(file: Source): string[];
}

const ours = '@doorbuster/';

/** Which libraries a library may import. Whatever is not named here is an arrow that nobody decided to draw. */
const arrows: Record<string, readonly string[]> = {
  contracts: ['saga'],
  saga: ['contracts'],
  operator: [],
  telemetry: [],
  discovery: ['telemetry'],
  messaging: ['contracts', 'telemetry'],
  pipeline: ['contracts', 'messaging', 'telemetry'],
  service: ['contracts', 'discovery', 'operator', 'pipeline', 'telemetry'],
  stack: ['contracts', 'discovery', 'messaging', 'operator'],
};
/** The stack runs services; it is no part of them. */
const forServices = Object.keys(arrows).filter((lib) => lib !== 'stack');

/** `services/order`, `libs/saga` or `test`; only what runs in production is bound by the arrows. */
const isProduction = ({ path: file }: Source): boolean => /^(libs|services)\/[^/]+\/(web\/)?src\//.test(file);
const homeOf = (file: string): string => file.split('/').slice(0, 2).join('/');

const ownLibsOf = (file: Source): string[] =>
  importsOf(file).flatMap((specifier) => {
    const name = packageOf(specifier);
    return name?.startsWith(ours) ? [name.slice(ours.length)] : [];
  });

/** A file without the imports that leave nothing behind when types are taken away. */
const withoutTypes = (text: string): string => text.replace(/^import type [^;]*;/gm, '');

const lines = (file: Source, pattern: RegExp, what: string): string[] =>
  file.text
    .split('\n')
    .flatMap((line, n) => (pattern.test(line) ? [`${file.path}:${n + 1} ${what}: ${line.trim()}`] : []));

const onlyIn = (name: string, folder: string): Rule => ({
  name: `only ${folder} imports ${name}`,
  breaches: (file) =>
    file.path.startsWith(`${folder}/`) || !importsOf(file).some((specifier) => packageOf(specifier) === name)
      ? []
      : [`${file.path} imports ${name}`],
});

/** Where `process.env` may be read, and why. */
const environmentReaders: Record<string, string> = {
  'libs/service/src/config.ts': "the one place that reads a service's configuration",
  'libs/stack/src/': 'starts programs, and hands them what a shell would',
  'test/': 'starts programs too, and is told where the servers are',
};

export const rules: readonly Rule[] = [
  {
    name: 'services import libraries, and no other service',
    breaches: (file) =>
      file.path.startsWith('services/') && isProduction(file)
        ? ownLibsOf(file)
            .filter((lib) => !forServices.includes(lib))
            .map((lib) => `${file.path} imports ${ours}${lib}`)
        : [],
  },
  {
    name: 'libraries import only the libraries that they are allowed to',
    breaches: (file) => {
      const [, lib = ''] = file.path.split('/');
      if (!file.path.startsWith('libs/') || !isProduction(file)) return [];
      return ownLibsOf(file)
        .filter((other) => !arrows[lib]?.includes(other))
        .map((other) => `${file.path} imports ${ours}${other}`);
    },
  },
  {
    name: 'no relative import leaves its own service or library',
    breaches: (file) =>
      isProduction(file)
        ? importsOf(file)
            .filter((specifier) => specifier.startsWith('.'))
            .map((specifier) => path.posix.join(path.posix.dirname(file.path), specifier))
            .filter((target) => homeOf(target) !== homeOf(file.path))
            .map((target) => `${file.path} imports ${target}`)
        : [],
  },
  onlyIn('kafkajs', 'libs/messaging'),
  onlyIn('consul', 'libs/discovery'),
  onlyIn('jose', 'libs/operator'),
  {
    name: 'only libs/telemetry makes instruments, from its catalogue of metrics',
    breaches: (file) =>
      file.path.startsWith('libs/telemetry/src/')
        ? []
        : lines(
            file,
            /\b(getMeter|create(Observable)?(Counter|UpDownCounter|Gauge|Histogram))\s*\(/,
            'makes an instrument',
          ),
  },
  {
    name: 'the page takes types from the contracts, and nothing else of ours',
    breaches: (file) =>
      file.path.startsWith('services/gateway/web/src/')
        ? ownLibsOf({ ...file, text: withoutTypes(file.text) })
            .concat(ownLibsOf(file).filter((lib) => lib !== 'contracts'))
            .map((lib) => `${file.path} imports ${ours}${lib}`)
        : [],
  },
  {
    name: 'nothing in production listens at failpoints, so nobody outside can end a process there',
    breaches: (file) =>
      isProduction(file) && file.path !== 'libs/telemetry/src/failpoint.ts'
        ? lines(file, /\bdiagnostics_channel\b|\bfailpointChannel\b/, 'knows of the channel')
        : [],
  },
  {
    name: 'process.env is read only where configuration is',
    breaches: (file) =>
      Object.keys(environmentReaders).some((place) => file.path.startsWith(place))
        ? []
        : lines(
            file,
            /^(?!\s*(\*|\/\/|\/\*)).*(\bprocess\s*(\.\s*env\b|\[\s*['"`]env)|\b(from|import|require)\b[\s(]*['"](node:)?process['"])/,
            'reads the environment',
          ),
  },
  {
    name: 'nothing is left to a chance that cannot be repeated',
    breaches: (file) => lines(file, /\bMath\s*\.\s*random\b/, 'draws'),
  },
  {
    name: 'services say what their values are',
    breaches: (file) =>
      file.path.startsWith('services/')
        ? lines(file, /(:\s*|\bas\s+|<|\|\s*)any\b(?!\s*\w)/, 'says any')
        : [],
  },
  {
    name: 'the world outside says so in its first line',
    breaches: (file) =>
      /^services\/(acquirer|mailbox)\/src\//.test(file.path) &&
      !file.text.startsWith('// The world outside: ')
        ? [`${file.path} looks like ours`]
        : [],
  },
];

/** The files that every service has, so that learning one teaches all; and where one has not, why. */
interface Shape {
  /** The domain noun's file: state, inputs, `decide`. */
  noun: string;
  without?: Partial<Record<'noun' | 'store' | 'api', string>>;
}

const shapes: Record<string, Shape> = {
  order: { noun: 'order.ts' },
  inventory: { noun: 'stock.ts' },
  payment: { noun: 'payment.ts' },
  notification: { noun: 'notification.ts', without: { api: 'it is asked through Kafka only' } },
  gateway: {
    noun: 'gateway.ts',
    without: {
      noun: 'it decides about no order, only whether one comes in: admission.ts',
      store: 'it keeps nothing',
      api: 'its routes are the other services’, a list in main.ts',
    },
  },
  acquirer: {
    noun: 'charge.ts',
    without: { noun: 'not ours: it decides in its own SQL', store: 'not ours: its SQL stands in api.ts' },
  },
  mailbox: {
    noun: 'mail.ts',
    without: {
      noun: 'not ours: it decides nothing',
      store: 'not ours: its books are a file, books.ts',
      api: 'not ours: one route, in main.ts',
    },
  },
};

/** What is wrong with the files of the services, given as paths. */
export function misshapen(
  files: readonly string[],
  services: readonly string[] = foldersOf('services'),
): string[] {
  return services.flatMap((service) => {
    const shape = shapes[service];
    if (shape === undefined) return [`services/${service} has no shape in test/house/arrows.ts`];
    const has = (name: string) => files.includes(`services/${service}/src/${name}`);
    const expected = { noun: shape.noun, store: 'store.ts', api: 'api.ts' };
    const odd = Object.entries(expected).flatMap(([part, name]) => {
      const isExcused = Object.hasOwn(shape.without ?? {}, part);
      if (has(name) !== isExcused) return [];
      return [isExcused ? `services/${service} has ${name} after all` : `services/${service} has no ${name}`];
    });
    return has('main.ts') ? odd : [`services/${service} has no main.ts`, ...odd];
  });
}
