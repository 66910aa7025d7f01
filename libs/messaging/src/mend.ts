import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  pending: unknown[];
  checkPendingRequests(): void;
}

/**
 * Mends one method of kafkajs 2.2.4, which has had no release since February 2023. As shipped it re-arms a timer
 * for ever, also with nothing pending, and with a negative delay: thousands of wake-ups a second in an idle
 * consumer (tulios/kafkajs#1556, #1604) and a TimeoutNegativeWarning on new versions of Node (#1751). The mended
 * method waits only when there is something to wait for.
 */
export function mendRequestQueue(): void {
  const queue: {
    prototype: { scheduleCheckPendingRequests(this: RequestQueue): void };
  } = require('kafkajs/src/network/requestQueue/index.js');
  queue.prototype.scheduleCheckPendingRequests = function () {
    const throttledForMs = this.throttledUntil - Date.now();
    if (this.throttleCheckTimeoutId !== null || (this.pending.length === 0 && throttledForMs <= 0)) return;
    const pendingCheckMs = 10;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledForMs > 0 ? throttledForMs : pendingCheckMs,
    );
  };
}

interface Member {
  /** When it last told its group that it lives, by the wall clock. */
  lastRequest: number;
  heartbeat(options: { interval: number }): Promise<void>;
}

/**
 * Mends when kafkajs 2.2.4 sends heartbeats. It counts by the wall clock: once that is set back it sends none until the
 * clock is where it was. The member is thrown out of its group and does not hear of it, so it goes on reading what others
 * read as well, and its offsets are not taken. The mended method sends one when the clock was set back.
 */
export function mendHeartbeat(): void {
  const { prototype }: { prototype: Member } = require('kafkajs/src/consumer/consumerGroup.js');
  const stock = prototype.heartbeat;
  prototype.heartbeat = function (options) {
    if (this.lastRequest > Date.now()) this.lastRequest = 0;
    return stock.call(this, options);
  };
}
