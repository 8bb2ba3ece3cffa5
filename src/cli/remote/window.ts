import type { Command } from 'commander';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time/durations.ts';
import { epochMs, type EpochMs, type ZoneId } from '../../domain/time/instant.ts';
import { parseLocalOrOffset } from '../../domain/time/local-text.ts';
import { addToLocal } from '../../domain/time/local.ts';
import { parseZone, UTC } from '../../domain/time/zones.ts';
import { CliError } from '../command.ts';

export interface WindowOptions {
  readonly since?: string;
  readonly until?: string;
  readonly zone?: string;
}

/** What `--since` says: a time, or how long back from now. */
export type Since =
  | { readonly kind: 'time'; readonly at: EpochMs }
  | { readonly kind: 'length'; readonly count: number; readonly unit: string; readonly text: string };

export interface Window {
  readonly since: Since | null;
  readonly until: EpochMs | null;
  /** Of `--zone`; null when it is not given. */
  readonly zone: ZoneId | null;
}

const LENGTH = /^([1-9]\d{0,4})([smhdwMy])$/;
const LOOKS_LIKE_LENGTH = /^\d+ ?[a-z]+$/i;
const HAS_OFFSET = /(?:[zZ]|[+-]\d\d:\d\d)$/;

/** Adds `--since`, `--until` and `--zone`. */
export function withWindow(command: Command, defaults: { readonly since: string; readonly until: string }): Command {
  return command
    .option('--since <time>', `a time, or how long back: 90m, 24h, 7d, 4w, 3M, 1y (default: ${defaults.since})`)
    .option('--until <time>', `a time; what happened from then on is left out (default: ${defaults.until})`)
    .option('--zone <zone>', 'time zone of local time, e.g. Europe/Berlin');
}

/** Reads the options; a time without offset needs `--zone`. A mistake is wrong usage. */
export function windowOf(options: WindowOptions): Window {
  const zone = options.zone === undefined ? null : parseZone(options.zone);
  if (zone === null && options.zone !== undefined) {
    throw new CliError(`--zone: "${options.zone}" is no time zone; give one like Europe/Berlin`, 2);
  }
  const until = options.until === undefined ? null : timeOf('--until', options.until, zone);
  const since = options.since === undefined ? null : sinceOf(options.since, zone);
  if (since?.kind === 'length' && until !== null) {
    throw new CliError(`--since ${since.text} counts back from now: beside --until give a time`, 2);
  }
  return { since, until, zone };
}

function sinceOf(text: string, zone: ZoneId | null): Since {
  const [, count, unit] = LENGTH.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return { kind: 'length', count: Number(count), unit, text };
  if (LOOKS_LIKE_LENGTH.test(text)) {
    throw new CliError(`--since: "${text}" is no length; give a number and one of s, m, h, d, w, M (months), y`, 2);
  }
  return { kind: 'time', at: timeOf('--since', text, zone) };
}

function timeOf(option: string, text: string, zone: ZoneId | null): EpochMs {
  const at = parseLocalOrOffset(text, zone ?? UTC);
  if (at === null) {
    throw new CliError(`${option}: "${text}" is no time; give one like 2026-11-21T10:00:00Z, or a date and --zone`, 2);
  }
  if (zone === null && !HAS_OFFSET.test(text.slice(10))) {
    throw new CliError(`${option}: "${text}" has no offset; give --zone, or ${text.slice(0, 10)}T00:00:00Z`, 2);
  }
  return at;
}

/** The instant so long before `now`: hours and less are exact, longer units follow the calendar of the zone. */
export function sinceInstant(since: Since, now: EpochMs, zone: ZoneId): EpochMs {
  if (since.kind === 'time') return since.at;
  const { count, unit } = since;
  switch (unit) {
    case 's':
      return epochMs(now - count * SECOND_MS);
    case 'm':
      return epochMs(now - count * MINUTE_MS);
    case 'h':
      return epochMs(now - count * HOUR_MS);
    case 'd':
      return addToLocal(now, { days: -count }, zone);
    case 'w':
      return addToLocal(now, { weeks: -count }, zone);
    case 'M':
      return addToLocal(now, { months: -count }, zone);
    default:
      return addToLocal(now, { years: -count }, zone);
  }
}
