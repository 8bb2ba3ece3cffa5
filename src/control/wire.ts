import { epochMs } from '../domain/time/instant.ts';
import { parseZone } from '../domain/time/zones.ts';
import type { ZoneProbe } from './facts-report.ts';

/** `GET`: a `FactsReport`. `POST` freezes; the answer's first line says what, and its end ends it. */
export const FACTS_PATH = '/facts';
export const FROZEN_PATH = '/facts/frozen';

/** First line of the answer to a freeze. */
export interface FrozenLine {
  readonly lasting: boolean;
  readonly rows: Readonly<Record<string, number>>;
}

export function writeProbes(probes: readonly ZoneProbe[]): string {
  return new URLSearchParams(probes.map(({ zone, at }): [string, string] => ['probe', `${at} ${zone}`])).toString();
}

/** What is no probe is left out. */
export function readProbes(parameters: URLSearchParams): ZoneProbe[] {
  return parameters.getAll('probe').flatMap((text) => {
    const [, at = '', name = ''] = /^(-?\d{1,15}) (.+)$/s.exec(text) ?? [];
    const zone = parseZone(name);
    return zone === null ? [] : [{ zone, at: epochMs(Number(at)) }];
  });
}
