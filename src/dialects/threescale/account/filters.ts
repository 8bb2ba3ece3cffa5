import type { ApplicationFilter } from '../../../directory/provider/applications.ts';
import type { ProviderDirectory } from '../../../directory/provider/provider-directory.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { epochMs, type EpochMs } from '../../../domain/time/instant.ts';
import { SECOND_MS } from '../../../domain/time/durations.ts';
import type { FirstTraffic, Traffic } from '../../../queries/traffic/traffic.ts';
import type { Call } from '../endpoint.ts';
import { readRefusalOf, type ReadRefusal } from '../format/refusal.ts';
import { parseDate } from '../time/dates.ts';

export interface TrafficReads {
  readonly traffic: Traffic;
  readonly providers: ProviderDirectory;
}

const PLAN_TYPES = ['free', 'paid'] as const;

/**
 * The filters of `/admin/api/applications` (contract 3.2).
 *
 * @returns the filter; null when nothing can agree with it: an id that is none, a date that cannot be read
 */
export async function applicationFilter(
  { traffic }: TrafficReads,
  { tenant, parameters, signal }: Call,
): Promise<Result<ApplicationFilter | null, ReadRefusal>> {
  const [product, plan, account] = ['service_id', 'plan_id', 'account'].map((name) => parameters.id(name));
  if (product === 'none' || plan === 'none' || account === 'none') return ok(null);
  const typed = parameters.get('plan_type');
  const planType = PLAN_TYPES.find((each) => each === typed) ?? null;
  if (typed !== planType) return ok(null);

  const dates = ['created_since', 'created_until', 'active_since', 'inactive_since'].map((name) => {
    const text = parameters.get(name);
    return text === null ? null : (parseDate(text.trim(), tenant.zone) ?? 'unreadable');
  });
  if (dates.includes('unreadable')) return ok(null);
  const [since = null, until = null, active = null, inactive = null] = dates as (EpochMs | null)[];

  let keeps: ApplicationFilter['keeps'];
  if (active !== null || inactive !== null) {
    const found = await traffic.firstOf({ organizations: [tenant.id] }, { tag: 'threescale:applications', signal });
    if (!found.ok) return fail(readRefusalOf(found.problem));
    keeps = (id, fromFile) => {
      const first = mergedTraffic(found.value.get(id), fromFile);
      // Compared as it is shown, in whole seconds.
      const daily = first === null ? null : secondOf(first.daily);
      return daily !== null && (active === null || daily >= active) && (inactive === null || daily <= inactive);
    };
  }
  const [state, userKey, name] = ['state', 'user_key', 'name'].map((each) => parameters.get(each));
  return ok({
    ...given('product', product),
    ...given('plan', plan),
    ...given('account', account),
    ...given('planType', planType),
    ...given('state', state),
    ...given('userKey', userKey),
    ...given('nameContains', name),
    ...given('createdFrom', since),
    ...given('createdTo', until === null ? null : epochMs(secondOf(until) + SECOND_MS - 1)),
    ...(keeps === undefined ? {} : { keeps }),
  });
}

function given<K extends string, V>(name: K, value: V | null | undefined): { readonly [P in K]?: V } {
  return value === null || value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: V });
}

/** What facts and directory file together know of an application's traffic: the file speaks of earlier times only. */
export function mergedTraffic(fromFacts: FirstTraffic | undefined, fromFile: EpochMs | null): FirstTraffic | null {
  if (fromFacts === undefined) return fromFile === null ? null : { first: fromFile, daily: fromFile };
  return { ...fromFacts, first: fromFile !== null && fromFile < fromFacts.first ? fromFile : fromFacts.first };
}

function secondOf(at: EpochMs): EpochMs {
  return epochMs(Math.floor(at / SECOND_MS) * SECOND_MS);
}
