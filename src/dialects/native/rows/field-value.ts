import type { Problem } from '../../../domain/problem.ts';
import { isStorable, type EpochMs } from '../../../domain/time/instant.ts';
import { parseRfc3339 } from '../../../domain/time/rfc3339.ts';
import type { FieldPlan } from './row-plan.ts';

/** A value as it is stored, `undefined` when it is absent, or what is wrong with it. */
export type FieldValue = string | number | undefined | Problem;

const DIGITS = /^[0-9]{1,16}$/;

/** @param given neither null nor undefined: those stand for an absent value and are left out before */
export function readText(plan: FieldPlan, given: unknown): FieldValue {
  let text: string;
  if (typeof given === 'string') text = given;
  else if (plan.identifies && typeof given === 'number' && Number.isSafeInteger(given)) text = String(given);
  else return invalid(plan.name, plan.identifies ? 'has to be a text or an integer' : 'has to be a text');
  if (text === '') return undefined;
  if (plan.endsAtDot) {
    const dot = text.indexOf('.');
    if (dot === 0) return invalid(plan.name, 'has nothing before its first dot');
    if (dot > 0) text = text.slice(0, dot);
  }
  if (plan.oneOf !== null) {
    return plan.oneOf.has(text) ? text : invalid(plan.name, `has to be one of ${[...plan.oneOf].join(', ')}`);
  }
  if (!text.isWellFormed()) return invalid(plan.name, 'has an unpaired surrogate, which is no character');
  if (text.length > plan.max && codePoints(text, plan.max) > plan.max) {
    return invalid(plan.name, `is longer than ${plan.max} characters`);
  }
  return text;
}

/** Integers are JSON numbers without fraction, exact up to 2^53 - 1; ids also texts of digits. */
export function readInteger(plan: FieldPlan, given: unknown): FieldValue {
  let value = given;
  if (plan.identifies && typeof given === 'string') {
    if (given === '') return undefined;
    value = DIGITS.test(given) ? Number(given) : Number.NaN;
  }
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= plan.min && value <= plan.max) return value;
  return invalid(plan.name, `has to be an integer from ${plan.min} to ${plan.max}`);
}

export function readNumber(plan: FieldPlan, given: unknown): FieldValue {
  if (typeof given === 'number' && Number.isFinite(given)) return given;
  return invalid(plan.name, 'has to be a number that fits 64 bits');
}

/** RFC 3339 with offset, and nothing else: a number could be seconds or milliseconds, a local time any hour. */
export function readTime(given: unknown): EpochMs | Problem {
  if (typeof given !== 'string') return invalid('time', TIME_FORM);
  const at = parseRfc3339(given);
  if (at === null) return invalid('time', TIME_FORM);
  return isStorable(at) ? at : invalid('time', 'has to lie in the years 1900 to 2299 (UTC)');
}

const TIME_FORM = 'has to be an RFC 3339 time with offset, such as 2026-11-21T10:00:00Z';

/** The caller's id of the row: a text, or an integer taken as its digits. */
export function readId(plan: FieldPlan, given: unknown): string | Problem {
  if (typeof given === 'number') {
    if (Number.isSafeInteger(given)) return String(given);
    return invalid('id', 'is not an integer that JSON numbers hold exactly: send it as a text');
  }
  if (typeof given !== 'string') return invalid('id', 'has to be a text or an integer');
  if (!given.isWellFormed()) return invalid('id', 'has an unpaired surrogate, which is no character');
  if (given.length > plan.max && codePoints(given, plan.max) > plan.max) {
    return invalid('id', `is longer than ${plan.max} characters`);
  }
  return given;
}

/** A flat object of texts, numbers and true or false; members that are null are left out. Gives its JSON text. */
export function readFlatObject(plan: FieldPlan, given: unknown): FieldValue {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return invalid(plan.name, 'has to be an object');
  const kept: [string, string | number | boolean][] = [];
  for (const [name, value] of Object.entries(given as Record<string, unknown>)) {
    if (value === null) continue;
    const field = `${plan.name}.${name.length > 64 ? `${name.slice(0, 64)}…` : name}`;
    if (!name.isWellFormed()) return invalid(plan.name, 'has a name with an unpaired surrogate');
    if (typeof value === 'string') {
      if (!value.isWellFormed()) return invalid(field, 'has an unpaired surrogate, which is no character');
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) return invalid(field, 'has to be a number that fits 64 bits');
    } else if (typeof value !== 'boolean') return invalid(field, 'has to be a text, a number, true or false');
    kept.push([name, value]);
  }
  if (kept.length === 0) return undefined;
  // Object.fromEntries defines members, so one called __proto__ stays a member.
  const json = JSON.stringify(Object.fromEntries(kept));
  return Buffer.byteLength(json) <= plan.max ? json : invalid(plan.name, `is longer than ${plan.max} bytes of JSON`);
}

export function invalid(field: string, reason: string): Problem {
  return { kind: 'invalid_field', field, reason };
}

/** Counts no further than one past `limit`: most texts that are too long are so by far. */
function codePoints(text: string, limit: number): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
    if (count > limit) break;
  }
  return count;
}
