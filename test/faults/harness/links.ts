import type { ScaledService, ServiceName, ShopOptions, Wiring } from '@doorbuster/stack';
import { createKafkaProxy, type KafkaProxy } from '../proxies/kafka-proxy.ts';
import { createTcpProxy, type TcpProxy } from '../proxies/tcp-proxy.ts';

/** Everything between the services and what they talk to; all of it can be broken. */
export interface Links {
  /** One for each broker, before the proxy that reads its frames. */
  kafka: TcpProxy[];
  frames: KafkaProxy[];
  postgres: Record<ScaledService, TcpProxy>;
  acquirer: TcpProxy;
  mail: TcpProxy;
  consul: TcpProxy;
  otlp: TcpProxy;
  heal(): void;
  close(): Promise<void>;
}

/** Makes the links, and the options with which a shop is started that goes through them. */
export async function createLinks(): Promise<Links & Required<Pick<ShopOptions, 'frontKafka' | 'rewire'>>> {
  const [order, inventory, payment, notification, acquirer, mail, consul, otlp] = await Promise.all([
    createTcpProxy(),
    createTcpProxy(),
    createTcpProxy(),
    createTcpProxy(),
    createTcpProxy(),
    createTcpProxy(),
    createTcpProxy(),
    createTcpProxy(),
  ]);
  const postgres = { order, inventory, payment, notification };
  const kafka: TcpProxy[] = [];
  const frames: KafkaProxy[] = [];
  const all = () => [...kafka, ...Object.values(postgres), acquirer, mail, consul, otlp];

  return {
    kafka,
    frames,
    postgres,
    acquirer,
    mail,
    consul,
    otlp,
    async frontKafka(port) {
      const [link, reader] = await Promise.all([createTcpProxy(), createKafkaProxy()]);
      reader.leadTo(port);
      link.leadTo('127.0.0.1', reader.port);
      kafka.push(link);
      frames.push(reader);
      return link.port;
    },
    rewire: (service, wiring) => ({
      ...wiring,
      postgres: { ...wiring.postgres, ...through(service, wiring, postgres) },
      acquirer: via(acquirer, wiring.acquirer),
      mailboxSmtp: via(mail, wiring.mailboxSmtp),
      consul: via(consul, wiring.consul),
      otlp: via(otlp, wiring.otlp),
    }),
    heal() {
      for (const link of all()) link.heal();
      for (const reader of frames) reader.heal();
    },
    async close() {
      await Promise.all([...all(), ...frames].map((proxy) => proxy.close()));
    },
  };
}

/** The address of a proxy instead of this one, to which the proxy now leads. */
function via(proxy: TcpProxy, address: string): string {
  const url = new URL(address);
  proxy.leadTo(url.hostname, Number(url.port));
  url.port = String(proxy.port);
  return url.href.replace(/\/$/, '');
}

function through(service: ServiceName, wiring: Wiring, proxies: Links['postgres']) {
  const own = Object.keys(proxies).find((name): name is ScaledService => name === service);
  return own === undefined ? {} : { [own]: via(proxies[own], wiring.postgres[own]) };
}
