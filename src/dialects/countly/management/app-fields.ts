import { fail, ok, type Result } from '../../../domain/result.ts';
import { parseZone } from '../../../domain/time/zones.ts';
import { countryName } from '../countries.ts';
import type { Answer } from '../transport/answer.ts';
import { invalidField, isAbsent, switchOf, type Args } from './args.ts';

/** Fields of an app as the directory writes them. */
export type AppFields = Readonly<Record<string, string | boolean | null>>;

/** Values that only exist out of a list; null for one that does not. */
const LISTED: Readonly<Record<string, (value: unknown) => string | null>> = {
  country: (value) =>
    typeof value === 'string' && countryName(value.toUpperCase()) !== null ? value.toUpperCase() : null,
  timezone: (value) => (typeof value === 'string' ? parseZone(value) : null),
  category: (value) => (/^(?:[1-9]|1[0-9]|20)$/.test(String(value)) ? String(value) : null),
};

/** What the arguments say about an app. `salt` has an older name; an empty one means none. */
export function appFieldsOf(args: Args): Result<AppFields, Answer> {
  const fields: Record<string, string | boolean | null> = {};
  for (const name of ['name', 'key']) {
    if (args[name] === undefined) continue;
    if (typeof args[name] !== 'string' || args[name] === '') return fail(invalidField(name));
    fields[name] = args[name];
  }
  for (const [name, read] of Object.entries(LISTED)) {
    if (isAbsent(args[name])) continue;
    const value = read(args[name]);
    if (value === null) return fail(invalidField(name));
    fields[name] = value;
  }
  for (const name of ['checksum_salt', 'salt']) {
    const value = args[name];
    if (value === undefined) continue;
    if (!isAbsent(value) && typeof value !== 'string') return fail(invalidField(name));
    fields['salt'] = isAbsent(value) ? null : value;
  }
  if (!isAbsent(args['paused'])) {
    const paused = switchOf(args['paused']);
    if (paused === null) return fail(invalidField('paused'));
    fields['paused'] = paused;
  }
  return ok(fields);
}

/** The same where a value out of a list that does not exist is as good as none. */
export function lenient(args: Args): Args {
  const known = Object.entries(args).filter(
    ([name, value]) => LISTED[name] === undefined || LISTED[name](value) !== null,
  );
  return Object.fromEntries(known);
}
