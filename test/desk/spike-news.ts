import { LiveVerdict, SpikeView } from '@doorbuster/contracts';
import { z } from 'zod';
import type { Report } from '../audit/report.ts';

/** What a Black Friday that runs tells the desk of itself, `PUT /desk/spike`. */
export const SpikeNews = SpikeView.pick({ seconds: true, basePerS: true, peakPerS: true, seed: true }).extend(
  {
    /** The process that sends the customers: only it may tell more. */
    pid: z.int().min(1),
    state: SpikeView.shape.state.exclude(['stopped']),
    report: SpikeView.shape.report,
    verdict: LiveVerdict.nullable(),
  },
);
export type SpikeNews = z.infer<typeof SpikeNews>;

const findingsMax = 20;

/** The auditor's verdict on a whole run, as the control room shows it. */
export const finalVerdict = ({ verdict, tookMs, invariants }: Report): LiveVerdict => ({
  at: new Date().toISOString(),
  isFinal: true,
  verdict,
  tookMs,
  invariants: invariants.map((one) => ({ ...one, findings: one.findings.slice(0, findingsMax) })),
});
