import type { UsageLimit } from '../directory/meters.ts';
import type { OrganizationId } from '../domain/scope.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { Advance, Step } from '../ingest/batch.ts';
import type { Fact } from '../ingest/fact.ts';
import { limitedCharges, totalOf, type MetricCharge } from './charges.ts';
import { charged, countersAt, effectiveNow, sum, usedIn, type Counters } from './counters.ts';

/** Kind of the states that hold an application's counters. */
export const COUNTERS = 'metering.counters';

export function countersKey(organization: OrganizationId, applicationId: number): string {
  return `${organization} ${applicationId}`;
}

/**
 * Whether limits leave room (threescale.md 5.6): with charges, those of the charged metrics after the charges; without,
 * all of them as they are. Being at the maximum is within.
 */
export function isWithin(
  limits: readonly UsageLimit[],
  counters: Counters,
  charges: readonly MetricCharge[] | null,
): boolean {
  if (charges === null) return limits.every((limit) => usedIn(counters, limit.metric.id, limit.period) <= limit.max);
  return charges.every((charge) =>
    limits.every(
      ({ metric, period, max }) =>
        metric.id !== charge.metric.id || sum(usedIn(counters, metric.id, period), totalOf(charge)) <= max,
    ),
  );
}

/** Counts usage that nobody has to permit. */
export function countStep(
  organization: OrganizationId,
  applicationId: number,
  usage: { readonly charges: readonly MetricCharge[]; readonly at: EpochMs; readonly now: EpochMs },
): Step {
  const charges = limitedCharges(usage.charges);
  return {
    kind: COUNTERS,
    key: countersKey(organization, applicationId),
    advance(state): Advance {
      const counters = countersAt(state as Counters | null, usage.now);
      const next = charged(counters, charges, usage.at, effectiveNow(counters, usage.now));
      return { ok: true, state: next };
    },
  };
}

/**
 * Counts usage when the limits have room for it. The result, also of a refusal, is the counters before; the facts are
 * made for the instant at which it is counted.
 */
export function permitStep(
  organization: OrganizationId,
  applicationId: number,
  usage: {
    readonly charges: readonly MetricCharge[];
    readonly limits: readonly UsageLimit[];
    readonly now: EpochMs;
    readonly facts: (at: EpochMs) => readonly Fact[];
  },
): Step {
  const counted = limitedCharges(usage.charges);
  return {
    kind: COUNTERS,
    key: countersKey(organization, applicationId),
    advance(state): Advance {
      const before = countersAt(state as Counters | null, usage.now);
      if (!isWithin(usage.limits, before, usage.charges)) {
        return {
          ok: false,
          problem: { kind: 'conflict', what: 'usage', reason: 'limits are exceeded' },
          result: before,
        };
      }
      const at = effectiveNow(before, usage.now);
      return { ok: true, state: charged(before, counted, at, at), facts: usage.facts(at), result: before };
    },
  };
}
