import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { publicPartOf, readSigningKey } from '../../libs/operator/src/index.ts';
import { databaseStatements } from '../../libs/stack/src/servers/postgres.ts';
import { ShopInfo } from '../audit/sources.ts';
import {
  type Compose,
  composeVariables,
  dockerfileStage,
  environmentIn,
  exampleVariables,
  hostsIn,
  lastOf,
  readCompose,
} from './compose.ts';
import { differencesFromLocal, ourServices, SERVICE_PORT } from './same-shop.ts';
import { filesUnder, readSource, root } from './source.ts';

const compose = readCompose();
const all = Object.entries(compose.services);

describe('When the shop in containers is compared with the shop without Docker', () => {
  test('then services, settings, ports and versions are the same', () => {
    expect(differencesFromLocal(compose)).toEqual([]);
  });

  /** `docker-compose.yml` with something wrong in it. */
  const broken = (breakIt: (services: Record<string, Compose['services'][string]>) => void): Compose => {
    const copy = structuredClone(compose);
    breakIt(copy.services);
    return copy;
  };
  const only = (sentence: RegExp) => [expect.stringMatching(sentence)];

  test.each<[string, Parameters<typeof broken>[0], RegExp]>([
    ['a service', (s) => void delete s['notification'], /^services: notification is nothing/],
    ['a variable', (s) => void delete s['payment']?.environment['ACQUIRER_URL'], /^payment: ACQUIRER_URL/],
    [
      'a value',
      (s) => Object.assign(s['order']?.environment ?? {}, { TRACE_SHARE: '0' }),
      /^order: TRACE_SHARE/,
    ],
    [
      'a variable too many',
      (s) => Object.assign(s['gateway']?.environment ?? {}, { X: '1' }),
      /^gateway: X is 1/,
    ],
    ['a port', (s) => s['acquirer']?.ports.push('127.0.0.1:9000:8080'), /^ports: acquirer is 127/],
    ['a port inside', (s) => s['jaeger']?.ports.splice(0, 1, '127.0.0.1:16686:80'), /^ports: jaeger is 127/],
    ['another interface', (s) => s['consul']?.ports.splice(0, 1, '8500:8500'), /^ports: consul is 8500:8500/],
    [
      'a version',
      (s) => Object.assign(s['kafka'] ?? {}, { image: 'apache/kafka:4.2.0' }),
      /^versions: kafka/,
    ],
    ['a setting of PostgreSQL', (s) => s['postgres']?.command.pop(), /^postgres: log_timezone is nothing/],
    [
      'a setting of Kafka',
      (s) => void delete s['kafka']?.environment['KAFKA_NODE_ID'],
      /^kafka: KAFKA_NODE_ID/,
    ],
    ['a flag of Consul', (s) => s['consul']?.command.splice(1, 1), /^consul: command/],
    ['who may call whom', (s) => s['consul']?.volumes.pop(), /^consul: intentions is /],
    [
      'what Jaeger keeps',
      (s) => void delete s['jaeger']?.environment['TRACE_KEEP_PERCENT'],
      /^jaeger: TRACE_KEEP_PERCENT is nothing/,
    ],
    ['a flag of Prometheus', (s) => s['prometheus']?.command.pop(), /^prometheus: command/],
    ['an observer for all', (s) => s['grafana']?.profiles.pop(), /^services: grafana is always/],
  ])('then %s that differs is found', (_what, breakIt, sentence) => {
    const found = differencesFromLocal(broken(breakIt));
    expect(found.filter((one) => sentence.test(one))).toEqual(only(sentence));
  });

  const roles = ['order', 'payment', 'inventory', 'notification', 'acquirer', 'auditor'] as const;
  const passwords = Object.fromEntries(roles.map((role) => [role, `it's ${role}'s`])) as Record<
    (typeof roles)[number],
    string
  >;
  const createdBy = (statements: string[], what: string): string[] =>
    statements.flatMap((text) => new RegExp(`^CREATE ${what} "?(\\w+)`).exec(text)?.[1] ?? []);

  test('then PostgreSQL makes the same roles, and each container is told the password of its own', async () => {
    const statements = await databaseStatements(passwords);
    expect(createdBy(statements, 'ROLE').sort()).toEqual([...roles].sort());
    for (const role of roles)
      expect(statements.join()).toContain(`PASSWORD '${passwords[role].replaceAll("'", "''")}'`);
    const { text } = readSource('libs/stack/servers/postgres/databases.sql');
    const taken = [...text.matchAll(/^\\getenv (\w+)_password (\w+)$/gm)].map(([, role, variable]) => [
      role,
      variable,
    ]);
    expect(taken.sort()).toEqual(roles.map((role) => [role, `${role.toUpperCase()}_PASSWORD`]).sort());
    const { environment = {} } = compose.services['postgres'] ?? {};
    const told = Object.fromEntries(taken.map(([role = '', variable = '']) => [role, environment[variable]]));
    const used = all.flatMap(([, { environment }]) => environment['DATABASE_URL'] ?? []);
    for (const { username, password } of used.map((url) => new URL(url)))
      expect([username, password]).toEqual([username, told[username]]);
    expect(compose.services['black-friday']?.environment).toEqual({ PGPASSWORD: told['auditor'] });
  });

  test('then PostgreSQL is given the same file of databases, one for each service that has one', async () => {
    const names = createdBy(await databaseStatements(passwords), 'DATABASE');
    const used = all.flatMap(([, { environment }]) => environment['DATABASE_URL']?.split('/').at(-1) ?? []);
    expect(used.sort()).toEqual(names.sort());
    expect(compose.services['postgres']?.volumes).toContain(
      './libs/stack/servers/postgres/databases.sql:/docker-entrypoint-initdb.d/databases.sql:ro',
    );
  });
});

describe('When a container needs another', () => {
  /** Where each part listens inside the network of the containers. */
  const listening: Record<string, number[]> = {
    postgres: [5432],
    kafka: [9092],
    consul: [8500],
    jaeger: [4318, 8889, 16_686],
    prometheus: [9090],
    mailbox: [SERVICE_PORT, 1025],
    ...Object.fromEntries(
      ourServices.filter((name) => name !== 'mailbox').map((name) => [name, [SERVICE_PORT]]),
    ),
  };

  test('then it waits until that is healthy', () => {
    for (const [name, { depends_on }] of all) {
      const conditions = new Set(Object.values(depends_on).map(({ condition }) => condition));
      expect([name, [...conditions]]).toEqual([name, conditions.size === 0 ? [] : ['service_healthy']]);
    }
  });

  test('then it waits for everyone whom it was told of, where that listens', () => {
    for (const name of ourServices) {
      const { environment: all = {}, depends_on = {} } = compose.services[name] ?? {};
      // What is published is for browsers, which are no containers.
      const environment = Object.fromEntries(
        Object.entries(all).filter(([key]) => !key.startsWith('PUBLIC_')),
      );
      for (const [host = '', port] of hostsIn(environment).map((one) => one.split(':'))) {
        expect([name, Object.keys(depends_on)]).toEqual([name, expect.arrayContaining([host])]);
        expect([name, host, listening[host]]).toEqual([name, host, expect.arrayContaining([Number(port)])]);
      }
    }
  });

  test('then Jaeger listens there unless it is told otherwise', () => {
    const ports = [...readSource('observability/jaeger.yaml').text.matchAll(/_PORT:-(\d+)\}/g)];
    expect(ports.map(([, port]) => Number(port))).toEqual(expect.arrayContaining(listening['jaeger'] ?? []));
  });

  test('then everything that is mounted from the checkout is in it', () => {
    const mounts = all.flatMap(([, { volumes }]) => volumes).filter((volume) => volume.startsWith('./'));
    const here = mounts.map((volume) => volume.split(':')[0]?.slice(2) ?? '');
    expect(here.filter((place) => !existsSync(path.join(root, place)))).toEqual([]);
    expect(here).toContain('observability/grafana/dashboards');
  });

  test('then Prometheus looks for metrics where they are, and nowhere else', () => {
    const { scrape_configs } = parse(readSource('observability/prometheus/prometheus.yml').text);
    const named: string[] = scrape_configs.map(
      ({ file_sd_configs: [{ files }] }: { file_sd_configs: [{ files: string[] }] }) => files.join(),
    );
    const files = filesUnder('observability/prometheus/targets');
    expect(named.map((file) => `observability/prometheus/${file}`).sort()).toEqual(files.sort());
    for (const target of files.flatMap((file) => parse(readSource(file).text)[0].targets)) {
      const [host = '', port] = target.split(':');
      expect([target, listening[host]]).toEqual([target, expect.arrayContaining([Number(port)])]);
    }
  });

  test('then the customers and the auditor know the same addresses', () => {
    const shop = ShopInfo.parse(JSON.parse(readSource('test/load/shop-in-containers.json').text));
    const { gateway, jaeger, mailbox, kafka, auditor } = shop;
    const addresses = { gateway, jaeger, mailbox, kafka: String(kafka), ...auditor };
    const hosts = hostsIn(addresses).map((one) => one.split(':'));
    expect(hosts).toHaveLength(Object.keys(addresses).length);
    for (const [host = '', port] of hosts) expect(listening[host]).toContain(Number(port));
    expect(Object.keys(compose.services['black-friday']?.depends_on ?? {})).toEqual(
      expect.arrayContaining(hosts.map(([host]) => host)),
    );
  });
});

describe('When a container runs', () => {
  test('then its memory has a limit, and whoever dies is started again', () => {
    for (const [name, { mem_limit, restart }] of all) {
      const policy = ['black-friday', 'token'].includes(name) ? 'no' : 'unless-stopped';
      expect([name, restart, mem_limit]).toEqual([name, policy, expect.stringMatching(/^\d+m$/)]);
    }
  });

  test('then ours cannot write but in a volume, and is not root', () => {
    const stage = dockerfileStage('service');
    expect(lastOf(stage, 'USER')).toBe('node');
    for (const name of ourServices) expect([name, compose.services[name]?.read_only]).toEqual([name, true]);
    const volumes = all.flatMap(([, service]) => service.volumes.map((volume) => volume.split(':')));
    const named = volumes.filter(([source]) => !source?.startsWith('./'));
    expect(named.map(([source]) => source).sort()).toEqual(Object.keys(compose.volumes).sort());
    // What lies in the checkout is for reading.
    expect(volumes.filter(([source]) => source?.startsWith('./')).every(([, , mode]) => mode === 'ro')).toBe(
      true,
    );
  });

  test('then whoever gets into one of ours can do no more than the service could', () => {
    const built = all.filter(([, { build }]) => build !== undefined);
    expect(built.map(([name]) => name)).toEqual(expect.arrayContaining([...ourServices, 'black-friday']));
    for (const [name, { read_only, cap_drop, security_opt, user, build }] of built) {
      const rights = { read_only, cap_drop, security_opt, user };
      expect([name, rights]).toEqual([
        name,
        { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], user: undefined },
      ]);
      expect(lastOf(dockerfileStage(build?.target ?? ''), 'USER')).toBe('node');
    }
    expect(all.filter(([, { privileged }]) => privileged)).toEqual([]);
  });

  test('then nothing of ours needs a shell, and no package ran a script while the image was built', () => {
    expect(lastOf(dockerfileStage('service'), 'HEALTHCHECK')).toMatch(/ CMD \["node", /);
    const installs = readSource('Dockerfile').text.match(/\bnpm ci\b.*/g) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    expect(installs.filter((line) => !line.includes('--ignore-scripts'))).toEqual([]);
  });

  test('then no secret is part of an image', () => {
    const { text } = readSource('Dockerfile');
    expect(text.match(/^(ARG|ENV) .*(PASSWORD|TOKEN|KEY|SECRET).*$/gim)).toBeNull();
    // Whatever is not named in it stays outside, such as an `.env`.
    expect(readSource('.dockerignore').text).toMatch(/^\*$/m);
  });

  test('then ours listens where everybody looks, and can be asked whether it is ready', () => {
    const stage = dockerfileStage('service');
    const { HEALTH_PORT, ...place } = environmentIn(stage);
    expect(place).toEqual({ HOST: '0.0.0.0', PORT: String(SERVICE_PORT) });
    expect(HEALTH_PORT).not.toBe(place['PORT']);
    expect(lastOf(stage, 'HEALTHCHECK')).toContain("process.env.HEALTH_PORT, path: '/health/ready'");
  });

  test('then no shell stands between Docker and Node', () => {
    for (const stage of ['service', 'black-friday'])
      expect(JSON.parse(lastOf(dockerfileStage(stage), 'ENTRYPOINT') ?? '')[0]).toBe('node');
  });
});

describe('When somebody sets a variable', () => {
  test('then it is in .env.example, with what holds otherwise', () => {
    const unique = new Map(composeVariables());
    expect(composeVariables().filter(([name, value]) => unique.get(name) !== value)).toEqual([]);
    expect(Object.fromEntries(exampleVariables())).toEqual(Object.fromEntries(unique));
  });

  test('then only what makes operators’ tokens is told their signing key, and its public part is that of the services', () => {
    const told = all.filter(([, { environment }]) => 'OPERATOR_SIGNING_KEY' in environment);
    expect(told.map(([name]) => name)).toEqual(['token']);
    const { OPERATOR_SIGNING_KEY: key = '', OPERATOR_PUBLIC_KEYS: keys } = Object.fromEntries(
      composeVariables(),
    );
    expect(publicPartOf(key)).toBe(keys);
    expect(readSigningKey(key).id).toBe('demo-only');
  });

  test('then every secret says that it is a demo’s', () => {
    const secrets = composeVariables().filter(([name]) => /SIGNING|PASSWORD/.test(name));
    expect(secrets.length).toBeGreaterThan(0);
    for (const [name, value] of secrets)
      expect([name, value]).toEqual([name, expect.stringMatching(/demo-only/)]);
  });
});

test('When the shop is developed in containers, then the same services are watched in the same way', () => {
  const development = parse(readSource('docker-compose.dev.yml').text);
  expect(Object.keys(development.services).sort()).toEqual([...ourServices].sort());
  const entrypoint: string[] = JSON.parse(lastOf(dockerfileStage('service'), 'ENTRYPOINT') ?? '[]');
  const [node, ...options] = entrypoint;
  expect(development['x-watch'].entrypoint).toEqual([node, '--watch', '--watch-preserve-output', ...options]);
});
