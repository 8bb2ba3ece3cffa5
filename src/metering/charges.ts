import type { MeteredMetric } from '../directory/meters.ts';
import { sum, type Charge } from './counters.ts';

/** What one call says that it uses of a metric; 0 is possible, and names the metric all the same. */
export interface MeteredUse {
  readonly metric: MeteredMetric;
  readonly amount: number;
}

/** What a call uses of a metric: the amount it states, and what its methods add. */
export interface MetricCharge {
  readonly metric: MeteredMetric;
  readonly stated: number;
  readonly inherited: number;
}

/**
 * Usage of a method is added to its parent and to that one's own, on top of what the call states for them
 * (threescale.md 5.6). In order of first mention, parents after the methods that bring them in.
 *
 * @param flat leaves the parents alone
 */
export function chargesOf(uses: readonly MeteredUse[], flat = false): readonly MetricCharge[] {
  const [only] = uses;
  if (uses.length === 1 && only !== undefined && (flat || only.metric.ancestors.length === 0)) {
    return [{ metric: only.metric, stated: only.amount, inherited: 0 }];
  }
  const charges = new Map<number, { metric: MeteredMetric; stated: number; inherited: number }>();
  const chargeOf = (metric: MeteredMetric): { stated: number; inherited: number } => {
    const known = charges.get(metric.id);
    if (known !== undefined) return known;
    const charge = { metric, stated: 0, inherited: 0 };
    charges.set(metric.id, charge);
    return charge;
  };
  for (const { metric, amount } of uses) {
    const charge = chargeOf(metric);
    charge.stated = sum(charge.stated, amount);
  }
  if (!flat) {
    for (const { metric, amount } of uses) {
      for (const ancestor of metric.ancestors) {
        const charge = chargeOf(ancestor);
        charge.inherited = sum(charge.inherited, amount);
      }
    }
  }
  return [...charges.values()];
}

export function totalOf({ stated, inherited }: MetricCharge): number {
  return sum(stated, inherited);
}

/** Of the metrics that some plan limits. The others need no counters. */
export function limitedCharges(charges: readonly MetricCharge[]): readonly Charge[] {
  return charges.flatMap((charge) =>
    charge.metric.limited ? [{ metricId: charge.metric.id, amount: totalOf(charge) }] : [],
  );
}
