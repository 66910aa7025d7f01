import type Consul from 'consul';

export interface Followed<Answer> {
  consul: Consul;
  /** What is asked, for example `consul.kv.get`, and with which options; how long it may wait is set here. */
  method: Parameters<Consul['watch']>[0]['method'];
  options: Record<string, string>;
  onAnswer(answer: Answer): void;
  /** Told once for as long as Consul does not answer. */
  onSilence(error: Error): void;
}

const wait = '20s';
const backoffMs = 50;
const backoffMsMax = 1_000;

/**
 * Follows something in Consul by blocking queries, until it is closed. After every failure the question begins afresh,
 * from index 0: a Consul that lost its store counts from the start again, and a query for an index that it has not
 * reached yet would wait for its whole time and miss what changes.
 */
export function follow<Answer>({ consul, method, options, onAnswer, onSilence }: Followed<Answer>): {
  close(): void;
} {
  let failures = 0;
  let stop: () => void;

  function ask(): void {
    const watch = consul.watch({ method, options: { ...options, wait }, maxAttempts: 0 });
    stop = () => {
      watch.removeAllListeners('end');
      watch.end();
    };
    watch.on('change', (answer: Answer) => {
      failures = 0;
      onAnswer(answer);
    });
    watch.on('error', (error: Error) => {
      if (failures === 0) onSilence(error);
      failures++;
    });
    watch.on('end', () => {
      const timer = setTimeout(ask, Math.min(backoffMsMax, backoffMs * 2 ** failures));
      stop = () => clearTimeout(timer);
    });
  }

  ask();
  return {
    close() {
      stop();
      consul.destroy();
    },
  };
}
