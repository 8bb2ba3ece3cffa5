import { fail, ok, type Result } from '../../../domain/result.ts';
import { invalidParameters, refusalOf, type Refusal } from '../problems.ts';
import type { Query } from '../query.ts';
import { parseDay, type Day } from './date.ts';
import type { ParameterName, Read } from './reads.ts';
import { DEFAULT_SERVICES, parseServices, type ServicesParameter } from './services.ts';

/** The parameters of one of the requests 1 to 7, checked, with what stands for those that were not sent. */
export interface Parameters {
  readonly from: Day;
  readonly to: Day;
  readonly services: ServicesParameter;
  readonly duration: Duration;
  readonly includeCount: boolean;
  readonly includeTotalCount: boolean;
  readonly orderBy: 1 | -1;
  readonly skip: number;
  readonly limit: number;
  /** Null: not asked for. */
  readonly apiKey: string | null;
  readonly projectUid: string | null;
  readonly environmentUid: string | null;
  readonly httpStatusCode: number | null;
  readonly cache: 'HIT' | 'MISS' | null;
}

export type Duration = 'day' | 'week' | 'month';

const INT32 = { min: -2_147_483_648, max: 2_147_483_647 };
export const MAX_LIMIT = 900;

type Parser<T> = (text: string) => T | { readonly reason: string };

/** Everything that is sent once. `services`, which may be sent several times, is parsed by itself. */
const PARSERS = {
  from: day,
  to: day,
  duration: oneOf('day', 'week', 'month'),
  includeCount: flag,
  includeTotalCount: flag,
  orderBy: (text) => {
    const value = integer(INT32.min, INT32.max)(text);
    return value === 1 || value === -1 ? value : { reason: 'has to be 1 or -1' };
  },
  skip: integer(0, INT32.max),
  limit: integer(1, MAX_LIMIT),
  apiKey: (text) => text,
  projectUid: uid,
  environmentUid: uid,
  httpStatusCode: integer(100, 599),
  cache: oneOf('HIT', 'MISS'),
  page: integer(0, INT32.max),
} satisfies Record<Exclude<ParameterName, 'services'>, Parser<unknown>>;

type Parsers = typeof PARSERS;
type Sent = {
  [Name in keyof Parsers]?: Exclude<ReturnType<Parsers[Name]>, { readonly reason: string }>;
};

/** `orgUid` has been looked at before. */
const ORGANIZATION = 'orgUid';

/**
 * Checks what was sent (contract 3). Text that cannot be read at all is told first (400), then everything else that is
 * wrong, all at once (422). Whether the API key exists is for the caller to ask.
 */
export function parseParameters(read: Read, query: Query): Result<Parameters, Refusal> {
  const services = parseServices(query.get('services') ?? [DEFAULT_SERVICES.text]);
  if (!services.ok && services.problem.kind === 'malformed_body') return fail(refusalOf(services.problem));

  const errors = new Mistakes();
  if (!services.ok && services.problem.kind === 'invalid_field') errors.add('services', services.problem.reason);
  const sent = parseSent(query, errors);
  for (const name of read.required) if (!query.has(name)) errors.add(name, 'is required');
  const { from, to } = sent;
  if (from !== undefined && to !== undefined && from > to) errors.add('to', 'lies before from');
  if (services.ok && read.name === 'usage') checkLaunchRules(services.value, query, errors);

  if (errors.any || !services.ok || from === undefined || to === undefined) {
    return fail(invalidParameters(errors.byField));
  }
  return ok({
    from,
    to,
    services: services.value,
    duration: sent.duration ?? 'day',
    includeCount: sent.includeCount ?? false,
    includeTotalCount: sent.includeTotalCount ?? false,
    orderBy: sent.orderBy ?? -1,
    skip: sent.skip ?? 0,
    limit: sent.limit ?? MAX_LIMIT,
    apiKey: sent.apiKey ?? null,
    projectUid: sent.projectUid ?? null,
    environmentUid: sent.environmentUid ?? null,
    httpStatusCode: sent.httpStatusCode ?? null,
    cache: sent.cache ?? null,
  });
}

function parseSent(query: Query, errors: Mistakes): Sent {
  const sent: Record<string, unknown> = {};
  for (const [name, values] of query) {
    if (name === ORGANIZATION || name === 'services') continue;
    const parse = Object.hasOwn(PARSERS, name) ? PARSERS[name as keyof Parsers] : undefined;
    if (parse === undefined) errors.add(name, 'is not a valid field');
    else if (values.length > 1) errors.add(name, 'was sent more than once');
    else {
      const value: unknown = parse(values[0] ?? '');
      if (isReason(value)) errors.add(name, value.reason);
      else sent[name] = value;
    }
  }
  // The table of parsers gave every value its type.
  return sent;
}

/** Contract 3: which filters go with which services, on request 3. */
function checkLaunchRules({ services }: ServicesParameter, query: Query, errors: Mistakes): void {
  if (query.has('apiKey') && services.includes('automations') && services.includes('launch')) {
    errors.add('apiKey', 'cannot be used with the services automations and launch together');
  }
  for (const name of ['projectUid', 'environmentUid'] as const) {
    if (query.has(name) && (services.length !== 1 || services[0] !== 'launch')) {
      errors.add(name, 'can be used with the service launch alone');
    }
  }
}

/** The parameters of request 8 besides `orgUid`; those of the others are no mistake there. */
export function parsePage(query: Query): Result<number, Refusal> {
  const errors = new Mistakes();
  for (const name of query.keys()) {
    const known = name === ORGANIZATION || name === 'services' || Object.hasOwn(PARSERS, name);
    if (!known) errors.add(name, 'is not a valid field');
  }
  const values = query.get('page') ?? ['0'];
  const page = values.length === 1 ? PARSERS.page(values[0] ?? '') : { reason: 'was sent more than once' };
  if (isReason(page)) errors.add('page', page.reason);
  return errors.any || isReason(page) ? fail(invalidParameters(errors.byField)) : ok(page);
}

class Mistakes {
  readonly #byField = new Map<string, string[]>();

  add(field: string, reason: string): void {
    const known = this.#byField.get(field);
    if (known === undefined) this.#byField.set(field, [`${reason}.`]);
    else known.push(`${reason}.`);
  }

  get any(): boolean {
    return this.#byField.size > 0;
  }

  get byField(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(this.#byField);
  }
}

function day(text: string): Day | { readonly reason: string } {
  return parseDay(text) ?? { reason: 'has to be a date, YYYY-MM-DD' };
}

function flag(text: string): boolean | { readonly reason: string } {
  return text === 'true' || text === 'false' ? text === 'true' : { reason: 'has to be true or false' };
}

function uid(text: string): string | { readonly reason: string } {
  return text === '' ? { reason: 'may not be empty' } : text;
}

/** Decimal digits with an optional sign; adding 0 makes 0 of -0. */
function integer(min: number, max: number): Parser<number> {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value + 0 : { reason: `has to be a whole number from ${min} to ${max}` };
  };
}

function oneOf<const T extends string>(...choices: readonly T[]): Parser<T> {
  return (text) => choices.find((choice) => choice === text) ?? { reason: `has to be one of ${choices.join(', ')}` };
}

function isReason(value: unknown): value is { readonly reason: string } {
  return typeof value === 'object' && value !== null && 'reason' in value;
}
