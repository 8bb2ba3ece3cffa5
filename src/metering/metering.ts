import type { MeteredApplication } from '../directory/metered-applications.ts';
import type { MeteredProduct, UsageLimit } from '../directory/meters.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { OrganizationId } from '../domain/scope.ts';
import type { Clock } from '../domain/time/clock.ts';
import type { EpochMs } from '../domain/time/instant.ts';
import type { Entry } from '../ingest/batch.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { RecordsError } from '../store/records/records-error.ts';
import type { Records } from '../store/records/records.ts';
import { chargesOf, totalOf, type MeteredUse, type MetricCharge } from './charges.ts';
import { countersAt, effectiveNow, usedIn, type Counters } from './counters.ts';
import { IntegrationErrors, type IntegrationError } from './integration-errors.ts';
import { COUNTERS, countersKey, countStep, isWithin, permitStep } from './limit-steps.ts';
import { usageFacts, type UsageOf } from './usage-facts.ts';

/** A call of an application that is to be judged by the limits of its plan. */
export interface MeteredCall {
  readonly product: MeteredProduct;
  readonly application: MeteredApplication;
  /** Null when the call states none: then all limits are looked at as they are. */
  readonly uses: readonly MeteredUse[] | null;
  /** Leaves the parents of methods alone. */
  readonly flat: boolean;
  /** HTTP status of the call. */
  readonly code: number | null;
}

/** A call that states what it uses. */
export interface CountedCall extends MeteredCall {
  readonly uses: readonly MeteredUse[];
}

/** A call that took place and is counted whatever the limits say. */
export interface ReportedCall extends CountedCall {
  readonly at: EpochMs;
}

export interface LimitReading extends UsageLimit {
  /** Used in the running period before the call. */
  readonly stored: number;
  /** What the call adds, or would. */
  readonly charge: number;
}

export interface Verdict {
  readonly withinLimits: boolean;
  /** The instant whose periods the readings are of. */
  readonly at: EpochMs;
  /** For each limit of the plan, in the plan's order. */
  readonly readings: readonly LimitReading[];
}

/** Usage of applications: counted, and held against the limits of their plans. */
export interface Metering {
  /** What would become of the call; counts nothing. Problem: `records_unavailable`. */
  look(call: MeteredCall): Promise<Result<Verdict>>;
  /**
   * Counts the call when its limits have room for it, in the transaction that decides: two calls never both take what
   * only one of them can have, whichever nodes they reach. Problems as `Ingest.accept`.
   */
  authorizeAndCount(call: CountedCall): Promise<Result<Verdict>>;
  /** Counts calls, all or none. Problems as `Ingest.accept`. */
  report(calls: readonly ReportedCall[]): Promise<Result<null>>;
  /** Keeps what was wrong with a report, for whoever looks why usage is missing. */
  keepError(product: MeteredProduct, error: Pick<IntegrationError, 'code' | 'message'>): Promise<Result<null>>;
  /** The last 1,000 of a product, newest first. */
  integrationErrors(organization: OrganizationId, productId: number): Promise<readonly IntegrationError[]>;
}

export interface MeteringParts {
  readonly records: Records;
  readonly ingest: Ingest;
  readonly clock: Clock;
  /** Name in the ledger. */
  readonly source: string;
}

export function createMetering({ records, ingest, clock, source }: MeteringParts): Metering {
  const errors = new IntegrationErrors(records, clock);

  return {
    async look(call) {
      const now = clock.now();
      const charges = call.uses === null ? null : chargesOf(call.uses, call.flat);
      const limits = limitsOf(call);
      try {
        const stored = limits.length === 0 ? null : await readCounters(records, call.application);
        const counters = countersAt(stored, now);
        return ok(verdictOf(isWithin(limits, counters, charges), limits, counters, charges, now));
      } catch (error) {
        if (error instanceof RecordsError && error.problem !== null) return fail(error.problem);
        throw error;
      }
    },

    async authorizeAndCount(call) {
      const now = clock.now();
      const charges = chargesOf(call.uses, call.flat);
      const limits = limitsOf(call);
      const { organization, id } = call.application;
      const facts = (at: EpochMs) => usageFacts(usageOf(call), charges, at);
      const counts = limits.length > 0 || charges.some((charge) => charge.metric.limited);
      const entry: Entry = counts
        ? {
            organization,
            stream: 'usage',
            facts: [],
            steps: [permitStep(organization, id, { charges, limits, now, facts })],
          }
        : { organization, stream: 'usage', facts: facts(now) };
      const receipt = await ingest.accept({ source, entries: [entry] });
      if (!receipt.ok) return receipt;
      const [outcome] = receipt.value.outcomes;
      const before =
        outcome?.kind === 'accepted' ? outcome.results[0] : outcome?.kind === 'rejected' ? outcome.result : null;
      const counters = (before as Counters | null | undefined) ?? countersAt(null, now);
      return ok(verdictOf(outcome?.kind === 'accepted', limits, counters, charges, now));
    },

    async report(calls) {
      const now = clock.now();
      const entries = calls.flatMap((call) => reportEntry(call, now));
      if (entries.length === 0) return ok(null);
      const receipt = await ingest.accept({ source, entries });
      return receipt.ok ? ok(null) : receipt;
    },

    keepError: (product, error) => errors.keep(product, error),
    integrationErrors: (organization, productId) => errors.list(organization, productId),
  };
}

/** Nothing when the call uses nothing: then its status is not counted either (threescale.md 5.5). */
function reportEntry(call: ReportedCall, now: EpochMs): Entry[] {
  const charges = chargesOf(call.uses, call.flat);
  const facts = usageFacts(usageOf(call), charges, call.at);
  if (facts.length === 0) return [];
  const { organization, id } = call.application;
  const entry: Entry = { organization, stream: 'usage', facts };
  const limited = charges.some((charge) => charge.metric.limited);
  return [limited ? { ...entry, steps: [countStep(organization, id, { charges, at: call.at, now })] } : entry];
}

function usageOf({ product, application, code }: MeteredCall): UsageOf {
  return { product, applicationId: application.id, code };
}

function limitsOf({ product, application }: MeteredCall): readonly UsageLimit[] {
  return product.plan(application.planId)?.limits ?? [];
}

async function readCounters({ db }: Records, { organization, id }: MeteredApplication): Promise<Counters | null> {
  const row = await db
    .selectFrom('states')
    .select('value')
    .where('kind', '=', COUNTERS)
    .where('key', '=', countersKey(organization, id))
    .executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.value) as Counters | null);
}

function verdictOf(
  withinLimits: boolean,
  limits: readonly UsageLimit[],
  counters: Counters,
  charges: readonly MetricCharge[] | null,
  now: EpochMs,
): Verdict {
  return {
    withinLimits,
    at: effectiveNow(counters, now),
    readings: limits.map(({ metric, period, max }) => {
      const charge = charges?.find((each) => each.metric.id === metric.id);
      return {
        metric,
        period,
        max,
        stored: usedIn(counters, metric.id, period),
        charge: charge === undefined ? 0 : totalOf(charge),
      };
    }),
  };
}
