import { ROOT_CONTEXT } from '@opentelemetry/api';
import { type Sampler, SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';

let share: () => number = () => 1;

/**
 * From now on the share of the traces that are recorded, 0 to 1 of those that begin here, is what this tells. Telemetry
 * starts before the service and has the environment's; the service, once it runs, has a live one. This stands between
 * the two, so that neither has to load the other.
 */
export function followTraceShare(tell: () => number): void {
  share = tell;
}

/** Samples traces that begin here, and asks for the share at each of them. */
export const roots: Sampler = {
  /** A batch span is made only where a member is sampled, so it must not be dropped for being a root. */
  shouldSample: (_context, traceId, _name, _kind, _attributes, links) =>
    links.length > 0
      ? { decision: SamplingDecision.RECORD_AND_SAMPLED }
      : new TraceIdRatioBasedSampler(share()).shouldSample(ROOT_CONTEXT, traceId),
};
