import { flows, type Participant, participants } from '@doorbuster/contracts';
import { type Failpoint, failpoints } from '@doorbuster/telemetry';

/** A service, and a border at which it dies. */
export interface CrashPoint {
  service: Participant;
  failpoint: Failpoint;
}

/** Who calls somebody outside: the acquirer, the mail server. */
const callers: readonly Participant[] = ['payment', 'notification'];
const senders = participants.filter((service) => flows[service].sends.length > 0);

/** The services that come by a border at all. */
function servicesAt(failpoint: Failpoint): readonly Participant[] {
  if (/-(effect|answer)$/.test(failpoint)) return callers;
  if (/-(publish|delete)$/.test(failpoint)) return senders;
  return participants;
}

/** Every border of every service, border by border, so that no service dies twice in a row. */
export const matrix: readonly CrashPoint[] = failpoints.flatMap((failpoint) =>
  servicesAt(failpoint).map((service) => ({ service, failpoint })),
);

/** Those that `npm test` runs: every kind of border, and every service. */
export const chosen: readonly CrashPoint[] = [
  { service: 'order', failpoint: 'during-commit' },
  { service: 'inventory', failpoint: 'after-commit' },
  { service: 'payment', failpoint: 'after-effect' },
  { service: 'notification', failpoint: 'after-answer' },
  { service: 'order', failpoint: 'after-publish' },
  { service: 'inventory', failpoint: 'before-offsets' },
];
