import { fail, ok, type Result } from '../../../domain/result.ts';
import { message, type Answer } from '../transport/answer.ts';
import type { Call } from '../transport/call.ts';
import { objectOf } from '../transport/parameters.ts';

/** The fields of `args`, a JSON object in one parameter (contract 5). */
export type Args = Readonly<Record<string, unknown>>;

export function argsOf({ parameters }: Call): Result<Args, Answer> {
  const args = objectOf(parameters, 'args');
  return args === null ? fail(message("Error: Missing 'args' parameter", 400)) : ok(args);
}

/** Refuses the first of `names` that is not there. */
export function requireFields(args: Args, names: readonly string[]): Answer | null {
  const missing = names.find((name) => isAbsent(args[name]));
  return missing === undefined ? null : message(`Error: Missing ${missing} argument`, 400);
}

export function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

export function invalidField(name: string): Answer {
  return message(`Invalid parameter "${name}"`, 400);
}

/** Yes and no as clients write them; null for everything else. */
export function switchOf(value: unknown): boolean | null {
  if (value === true || value === 1 || value === '1' || value === 'true') return true;
  return value === false || value === 0 || value === '0' || value === 'false' ? false : null;
}

/** A list of ids; null for everything else. */
export function idsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.length <= MAX_IDS && value.every((id): id is string => typeof id === 'string')
    ? value
    : null;
}

const MAX_IDS = 1_000;
