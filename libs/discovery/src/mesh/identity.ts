import { createSecureContext, type SecureContext } from 'node:tls';
import { z } from 'zod';
import { blockingQuery } from '../blocking-query.ts';
import { connectConsul } from '../consul.ts';
import { follow } from '../follow.ts';
import type { Log } from '../log.ts';
import { createTold, type Told } from './told.ts';

/** Who this process is, with the proof of it, and whom it believes. */
export interface Identity {
  /** All whom it believes are named under this. */
  trustDomain: string;
  /** What a server needs of it. */
  options: { cert: string; key: string; ca: string[]; minVersion: 'TLSv1.3' };
  /** The same, as a client needs it: made once, for it costs milliseconds. */
  context: SecureContext;
}

const Roots = z.object({ TrustDomain: z.string(), Roots: z.array(z.object({ RootCert: z.string() })) });
const Leaf = z.object({ CertPEM: z.string(), PrivateKeyPEM: z.string(), ValidBefore: z.string() });

/**
 * Keeps the service's certificate and those of the authorities. Consul renews the one long before its time is over, and
 * when an operator changes the authority; then it names the old authority beside the new one until nobody can have a
 * certificate of the old one any more, so that those who hear of it first and last go on believing each other.
 */
export function followIdentity(consulUrl: string, service: string, log: Log): Told<Identity> {
  const consul = connectConsul(consulUrl);
  const following: { close(): void }[] = [];
  const { told, tell } = createTold<Identity>(() => {
    for (const one of following) one.close();
  });
  let roots: z.infer<typeof Roots> | undefined;
  let leaf: z.infer<typeof Leaf> | undefined;

  function change(): void {
    if (roots === undefined || leaf === undefined) return;
    const ca = roots.Roots.map(({ RootCert }) => RootCert);
    const options = { cert: leaf.CertPEM, key: leaf.PrivateKeyPEM, ca, minVersion: 'TLSv1.3' as const };
    const { TrustDomain: trustDomain } = roots;
    log.info({ trustDomain, roots: ca.length, validBefore: leaf.ValidBefore }, 'Certificate');
    tell({ trustDomain, options, context: createSecureContext(options) });
  }

  const ask = (what: string, onAnswer: (answer: unknown) => void) =>
    follow<unknown>({
      consul,
      method: blockingQuery(consulUrl, `/v1/agent/connect/ca/${what}`),
      options: {},
      onAnswer(answer) {
        onAnswer(answer);
        change();
      },
      onSilence: (error) => log.warn({ service, error: String(error) }, 'Consul gives no certificate'),
    });

  following.push(
    ask('roots', (answer) => {
      roots = Roots.parse(answer);
    }),
    ask(`leaf/${service}`, (answer) => {
      leaf = Leaf.parse(answer);
    }),
  );
  return told;
}
