import type { MeteredMetric, MeteredProduct } from '../directory/meters.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { Step } from '../ingest/batch.ts';
import type { Fact } from '../ingest/fact.ts';
import { chargesOf } from './charges.ts';
import { countStep } from './limit-steps.ts';
import { inheritedFacts } from './usage-facts.ts';

export interface RowUsage {
  readonly product: MeteredProduct;
  readonly applicationId: number;
  readonly metric: MeteredMetric;
  readonly amount: number;
  readonly at: EpochMs;
}

export interface UsageConsequences {
  readonly facts: readonly Fact[];
  readonly steps: readonly Step[];
}

/** Most rows bring nothing. */
export const NO_CONSEQUENCES: UsageConsequences = { facts: [], steps: [] };

/**
 * What a stored row of usage brings with it, as a reported call would: rows of the metrics that its method belongs to,
 * and the counters of limits, in the periods of the row's own time (threescale.md appendix B 13).
 */
export function consequencesOf(
  { product, applicationId, metric, amount, at }: RowUsage,
  now: EpochMs,
): UsageConsequences {
  const limited = metric.limited || metric.ancestors.some((ancestor) => ancestor.limited);
  if (amount === 0 || (metric.ancestors.length === 0 && !limited)) return NO_CONSEQUENCES;
  const charges = chargesOf([{ metric, amount }]);
  return {
    facts: inheritedFacts(product, applicationId, charges, at),
    steps: limited ? [countStep(product.organization, applicationId, { charges, at, now })] : [],
  };
}
