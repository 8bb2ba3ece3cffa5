import type { Problem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';

/** Largest request body (contract 1). */
export const MAX_BODY_BYTES = 1_048_576;
/** Commands of one packet, its login not counted (contract 2.1). */
export const MAX_COMMANDS = 100;

/** A request as it was sent, its outer form checked and nothing else. */
export interface Packet {
  readonly auth: PacketAuth;
  /** In the order in which they run. */
  readonly calls: readonly Call[];
}

export type PacketAuth =
  | { readonly kind: 'none' }
  /** A session named in the packet; `id` may be any JSON value, what is no string names no session. */
  | { readonly kind: 'session'; readonly id: unknown }
  | { readonly kind: 'command'; readonly command: unknown; readonly params: unknown };

/** One command under the id that the client chose; `request` is a problem when it has not the form of a command. */
export interface Call {
  readonly id: string;
  readonly request: Result<CommandRequest>;
}

export interface CommandRequest {
  readonly command: string;
  readonly params: JsonObject;
}

export type JsonObject = Readonly<Record<string, unknown>>;

const AUTH_ID = 'auth';

/**
 * Reads a packet (contract 2.1). Ids keep their bytes, `__proto__` and the like included: `JSON.parse` makes every key
 * an own property, and only own properties are looked at. The order is that of JavaScript objects, integer-like ids
 * first; of equal ids the last one wins.
 *
 * @returns `malformed_body` for a body that is no packet at all
 */
export function parsePacket(body: Uint8Array): Result<Packet> {
  const json = parseJson(body);
  if (!json.ok) return json;
  if (!isObject(json.value)) return malformed('the body has to be a JSON object');
  const entries = Object.entries(json.value).filter(([id]) => id !== AUTH_ID);
  if (entries.length > MAX_COMMANDS) {
    return malformed(`${entries.length} commands in one packet, and at most ${MAX_COMMANDS} are accepted`);
  }
  return ok({
    auth: parseAuth(own(json.value, AUTH_ID)),
    calls: entries.map(([id, value]) => ({ id, request: parseCommand(value) })),
  });
}

function parseJson(body: Uint8Array): Result<unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    return ok(JSON.parse(text) as unknown);
  } catch (error) {
    return malformed(error instanceof SyntaxError ? 'the body is not JSON' : 'the body is not UTF-8');
  }
}

/** An `auth` that is no object, or names neither a session nor a command, carries nothing. */
function parseAuth(auth: unknown): PacketAuth {
  if (!isObject(auth)) return { kind: 'none' };
  const command = own(auth, 'command') ?? null;
  if (command !== null) return { kind: 'command', command, params: own(auth, 'params') };
  const id = own(auth, 'sessionId') ?? null;
  return id === null ? { kind: 'none' } : { kind: 'session', id };
}

function parseCommand(value: unknown): Result<CommandRequest> {
  if (!isObject(value)) return invalid('command', 'the value of an id has to be an object with a command');
  const command = own(value, 'command') ?? null;
  if (command === null) return fail({ kind: 'missing_field', field: 'command' });
  if (typeof command !== 'string') return invalid('command', 'has to be a string');
  const params = own(value, 'params') ?? null;
  if (params !== null && !isObject(params)) return invalid('params', 'has to be an object');
  return ok({ command, params: params ?? {} });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function malformed(reason: string): { readonly ok: false; readonly problem: Problem } {
  return fail({ kind: 'malformed_body', reason });
}

function invalid(field: string, reason: string): { readonly ok: false; readonly problem: Problem } {
  return fail({ kind: 'invalid_field', field, reason });
}
