import type { ShopInfo } from '../audit/sources.ts';
import type { SpikeNews } from './spike-news.ts';

export type Course = Pick<SpikeNews, 'seconds' | 'basePerS' | 'peakPerS' | 'seed'>;
export type TellDesk = (state: SpikeNews['state'], outcome?: Outcome) => Promise<void>;
type Outcome = Pick<SpikeNews, 'report' | 'verdict'>;

const limitMs = 5_000;
const nothingYet: Outcome = { report: null, verdict: null };

/**
 * Tells the shop's desk, where it has one, how a Black Friday goes. It is told so that the control room can show it;
 * that nobody listens changes nothing about the run.
 */
export const deskTeller =
  ({ desk, operatorToken }: Pick<ShopInfo, 'desk' | 'operatorToken'>, course: Course): TellDesk =>
  async (state, outcome = nothingYet) => {
    if (desk === undefined) return;
    const news: SpikeNews = { pid: process.pid, ...course, state, ...outcome };
    await fetch(`${desk}/desk/spike`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${operatorToken}` },
      body: JSON.stringify(news),
      signal: AbortSignal.timeout(limitMs),
    }).then(
      (response) => response.body?.cancel(),
      () => undefined,
    );
  };
