import { hash } from 'node:crypto';
import type { App } from '../../../directory/apps.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import { FINGERPRINT_LENGTH } from './fingerprint.ts';

/** What a device's next request means depends on this, and on nothing else (ADR 0003). In JSON what is undefined is absent. */
export interface DeviceState {
  readonly era: EpochMs;
  /** Id of the user, where it is not the device's own. */
  readonly user?: string | undefined;
  /** Requests accepted so far. */
  readonly turn: number;
  /** Sessions counted so far, with those of the user it was merged with. */
  readonly sessions: number;
  /** Seconds of the open session. */
  readonly open?: number | undefined;
  /** The last end that closed a session. */
  readonly ended?: Ended | undefined;
  /** Its user goes on under another id since. */
  readonly merged?: true | undefined;
  /** Fingerprints of the last requests, one after another, oldest first. */
  readonly seen: string;
  /** Those of the last bulk. */
  readonly bulk?: string | undefined;
}

export interface Ended {
  readonly at: EpochMs;
  readonly seconds: number;
  /** False once its session goes on, or another was counted. */
  readonly resumable: boolean;
}

export const DEVICE_STATE = 'countly.device';

/** Ids may hold anything, so their digest names the state. */
export function deviceKey(app: App, device: string): string {
  return `${app.id} ${hash('sha256', device, 'base64url')}`;
}

/** What an earlier request left, in the app's present life; null for a device that is new. */
export function knownState(state: unknown, era: EpochMs): DeviceState | null {
  const known = state as DeviceState | null;
  return known !== null && known.era >= era ? known : null;
}

/** Requests remembered by a device, besides its last bulk (contract 2.9). */
const REMEMBERED = 64;

export function remembers({ seen, bulk = '' }: DeviceState, fingerprint: string): boolean {
  return holds(seen, fingerprint) || holds(bulk, fingerprint);
}

function holds(memory: string, fingerprint: string): boolean {
  for (let at = memory.indexOf(fingerprint); at >= 0; at = memory.indexOf(fingerprint, at + 1)) {
    if (at % FINGERPRINT_LENGTH === 0) return true;
  }
  return false;
}

export function remembering(seen: string, fingerprint: string | null): string {
  return fingerprint === null ? seen : (seen + fingerprint).slice(-REMEMBERED * FINGERPRINT_LENGTH);
}
