import type { PlaceChange, PlaceKind } from '../../../directory/deployments.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { parseZone } from '../../../domain/time/zones.ts';

/** The body of a PATCH (contract 6.3): `name`, of a deployment also `timezone`; at least one. */
export function parsePlaceChange(
  kind: PlaceKind,
  body: Readonly<Record<string, unknown>>,
): Result<Pick<PlaceChange, 'name' | 'zone'>> {
  const known = kind === 'deployment' ? ['name', 'timezone'] : ['name'];
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown !== undefined) return fail({ kind: 'unknown_field', field: unknown });
  const { name, timezone } = body;
  if (name === undefined && timezone === undefined) return fail({ kind: 'missing_field', field: 'name' });
  if (name !== undefined && !isName(name)) {
    return fail({
      kind: 'invalid_field',
      field: 'name',
      reason: 'has to be a text of 1 to 255 characters without control characters',
    });
  }
  if (timezone === undefined) return ok({ name });
  const zone = typeof timezone === 'string' ? parseZone(timezone) : null;
  if (zone === null) {
    return fail({ kind: 'invalid_field', field: 'timezone', reason: 'has to be an IANA time zone' });
  }
  return ok({ name, zone });
}

/** 1 to 255 code points; no control character and no lone half of a surrogate pair, which cannot be stored. */
const NAME = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && NAME.test(value);
}
