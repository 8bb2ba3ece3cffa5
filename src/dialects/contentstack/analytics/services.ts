import { fail, ok, type Result } from '../../../domain/result.ts';

/** What a call may have been made to; also the `type` of rows. */
export const SERVICES = ['cma', 'ui', 'cdn', 'graphql', 'images', 'assets', 'automations', 'launch'] as const;

export type Service = (typeof SERVICES)[number];

/** Request 3 adds these up as CDN, all others as API. */
export const CDN_SERVICES: ReadonlySet<string> = new Set(['cdn', 'graphql', 'images', 'assets'] satisfies Service[]);

export interface ServicesParameter {
  /** Each once. */
  readonly services: readonly Service[];
  /** What `meta` shows: JSON, as it was sent where it was JSON. */
  readonly text: string;
}

export const DEFAULT_SERVICES: ServicesParameter = { services: ['cdn', 'cma'], text: '["cdn","cma"]' };

/**
 * One JSON array as text; or a comma list, or the parameter several times, which is what HTTP clients make of arrays.
 * `malformed_body` for text that begins an array and is no JSON; `invalid_field`.
 */
export function parseServices(values: readonly string[]): Result<ServicesParameter> {
  const names: string[] = [];
  for (const value of values) {
    const parsed = value.startsWith('[') ? parseArray(value) : ok(value.split(','));
    if (!parsed.ok) return parsed;
    names.push(...parsed.value);
  }
  if (names.length === 0) return invalid('has to name a service');
  const unknown = names.find((name) => !isService(name));
  if (unknown !== undefined) return invalid(`has a name that is none of ${SERVICES.join(', ')}`);
  const [only = ''] = values;
  const text = values.length === 1 && only.startsWith('[') ? only : JSON.stringify(names);
  return ok({ services: [...new Set(names)].filter(isService), text });
}

function parseArray(text: string): Result<readonly string[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail({ kind: 'malformed_body', reason: 'the text of services is not JSON' });
  }
  return isTexts(value) ? ok(value) : invalid('has to be an array of texts');
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isService(name: string): name is Service {
  return SERVICES.some((service) => service === name);
}

function invalid(reason: string): Result<never> {
  return fail({ kind: 'invalid_field', field: 'services', reason });
}
