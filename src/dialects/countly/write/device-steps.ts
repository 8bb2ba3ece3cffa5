import type { Step } from '../../../ingest/batch.ts';
import { factOfRow, type Fact, type FactValues } from '../../../ingest/fact.ts';
import {
  DEVICE_STATE,
  deviceKey,
  knownState,
  remembering,
  remembers,
  type DeviceState,
  type Ended,
} from './device-state.ts';
import type { WriteRequest } from './write-request.ts';

/** A begin within this time of the last end goes on with that session (contract 2.2). */
const COOLDOWN_MS = 15_000;

/** What the state of an old id hands over to the new one. */
interface Moving {
  readonly user: string;
  readonly sessions: number;
  readonly open: number | undefined;
  readonly ended: Ended | undefined;
}

/**
 * The advances of a request, in their order: merge, then begin, duration, end (contract 2.1). They decide in order of
 * arrival; the request's own time only says where things are counted, and feeds the rule of 15 seconds.
 */
export function stepsOf(request: WriteRequest): Step[] {
  const { app, device, oldDevice } = request;
  const own: Step = {
    kind: DEVICE_STATE,
    key: deviceKey(app, device),
    advance: (state, results) => {
      const moving = oldDevice === null ? null : ((results[0] ?? null) as Moving | null);
      return advanced(request, knownState(state, app.era), moving);
    },
  };
  return oldDevice === null ? [own] : [leaving(request, oldDevice), own];
}

/** An old id hands its user over once; one that is unknown has none (contract 2.10). */
function leaving({ app }: WriteRequest, oldDevice: string): Step {
  return {
    kind: DEVICE_STATE,
    key: deviceKey(app, oldDevice),
    advance: (state) => {
      const old = knownState(state, app.era);
      if (old === null || old.merged === true) return { ok: true, state: old, result: null };
      const { open, ended, ...rest } = old;
      const moving: Moving = { user: old.user ?? oldDevice, sessions: old.sessions, open, ended };
      return { ok: true, state: { ...rest, merged: true } satisfies DeviceState, result: moving };
    },
  };
}

/** Keeps what a bulk said about a device, so that all of it is recognised when the bulk comes again. */
export function rememberBulk(request: WriteRequest, fingerprints: readonly string[]): Step {
  const { app, device } = request;
  return {
    kind: DEVICE_STATE,
    key: deviceKey(app, device),
    advance: (state) => {
      const known = knownState(state, app.era);
      return { ok: true, state: known === null ? null : { ...known, bulk: fingerprints.join('') } };
    },
  };
}

/** An item that stands twice in one bulk. */
export function repeated(request: WriteRequest): Step {
  return {
    kind: DEVICE_STATE,
    key: deviceKey(request.app, request.device),
    advance: () => ({ ok: false, duplicate: true }),
  };
}

function advanced(
  request: WriteRequest,
  known: DeviceState | null,
  moving: Moving | null,
): ReturnType<Step['advance']> {
  const { app, device, fingerprint } = request;
  if (known !== null && fingerprint !== null && remembers(known, fingerprint)) return { ok: false, duplicate: true };

  const merged = mergedWith(known ?? { era: app.era, turn: 0, sessions: 0, seen: '' }, known === null, device, moving);
  const before = merged.state;
  const session = sessionAfter(request, before);
  // Each field by its name: copies of objects would be a good part of what a request costs.
  const state: DeviceState = {
    era: before.era,
    user: before.user === device ? undefined : before.user,
    turn: before.turn + 1,
    sessions: before.sessions + (session.begun ? 1 : 0),
    open: session.open,
    ended: session.ended,
    merged: before.merged,
    seen: remembering(before.seen, fingerprint),
    bulk: before.bulk,
  };
  return { ok: true, state, facts: rowsOf(request, state, merged, session) };
}

/** The row that counts the request, and one for each further thing that it says about sessions. */
function rowsOf(request: WriteRequest, state: DeviceState, merged: Merged, session: SessionAfter): readonly Fact[] {
  const { app, device, at } = request;
  const closings = merged.closings.length === 0 ? session.closings : [...merged.closings, ...session.closings];
  const row = {
    organization: app.organization,
    id: '',
    time: at,
    app: app.id,
    device,
    user: state.user,
    ordinal: state.sessions,
    era: app.era,
    turn: state.turn,
    received: request.arrival,
    open: state.open === undefined ? 0 : 1,
    begun: session.begun ? 1 : undefined,
    duration: request.seconds > 0 ? request.seconds : undefined,
    closed: closings.length > 0 ? 1 : undefined,
    length: closings[0],
    linked: merged.linked,
    details: request.details ?? undefined,
  };
  const facts = [factOfRow('sessions', session.begun ? { ...row, ...request.carried } : row)];
  for (const length of closings.slice(1)) facts.push(extra(row, { closed: 1, length }));
  if (session.reopened !== null) {
    const { at: time, seconds } = session.reopened;
    facts.push(extra(row, { time, reopened: 1, length: seconds }));
  }
  return facts;
}

/** A row that counts no request. */
function extra(counting: FactValues, values: FactValues): Fact {
  const { organization, id, time, app, device, user, ordinal, era, received } = counting;
  const same = { organization, id, time, app, device, user, ordinal, era, received };
  return factOfRow('sessions', { ...same, requests: 0, ...values });
}

interface Merged {
  readonly state: DeviceState;
  /** Another user that is the same. */
  readonly linked: string | undefined;
  /** Lengths of sessions that end by it. */
  readonly closings: readonly number[];
}

function mergedWith(state: DeviceState, isNew: boolean, device: string, moving: Moving | null): Merged {
  if (moving === null) return { state, linked: undefined, closings: [] };
  const { user, sessions, open, ended } = moving;
  const own = state.user ?? device;
  // Of two open sessions only one can go on: that of the id the requests come under now.
  const both = state.open !== undefined && open !== undefined;
  const keptOpen = state.open ?? open;
  const keptEnd = later(state.ended, ended);
  const { open: _open, ended: _ended, ...rest } = state;
  return {
    state: {
      ...rest,
      // Nothing was counted under the new id: the old user just goes on.
      ...(isNew ? { user } : {}),
      ...(keptOpen === undefined ? {} : { open: keptOpen }),
      ...(keptEnd === undefined ? {} : { ended: keptEnd }),
      sessions: state.sessions + (own === user && !isNew ? 0 : sessions),
    },
    linked: isNew || own === user ? undefined : user,
    closings: both ? [open] : [],
  };
}

function later(a: Ended | undefined, b: Ended | undefined): Ended | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.at >= b.at ? a : b;
}

interface SessionAfter {
  readonly begun: boolean;
  readonly open: number | undefined;
  readonly ended: Ended | undefined;
  /** Lengths of the sessions that were closed, in order. */
  readonly closings: readonly number[];
  /** The end that is taken back. */
  readonly reopened: Ended | null;
}

function sessionAfter(request: WriteRequest, state: DeviceState): SessionAfter {
  const { at, seconds } = request;
  let { open, ended } = state;
  const closings: number[] = [];
  let begun = false;
  let reopened: Ended | null = null;
  if (request.begins) {
    const sinceEnd = ended === undefined ? -1 : at - ended.at;
    if (ended !== undefined && !request.ignoresCooldown && sinceEnd >= 0 && sinceEnd < COOLDOWN_MS) {
      if (ended.resumable && open === undefined) {
        open = ended.seconds;
        reopened = ended;
        ended = { ...ended, resumable: false };
      }
    } else {
      if (open !== undefined) closings.push(open);
      begun = true;
      open = 0;
      if (ended !== undefined) ended = { ...ended, resumable: false };
    }
  }
  if (open !== undefined) open += seconds;
  if (request.ends && open !== undefined) {
    closings.push(open);
    ended = { at, seconds: open, resumable: true };
    open = undefined;
  }
  return { begun, open, ended, closings, reopened };
}
