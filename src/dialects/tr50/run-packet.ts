import type { RateLimiter } from '../../access/rate-limit.ts';
import type { Services } from '../dialect.ts';
import type { Authentication } from './auth.ts';
import type { Command, CommandContext } from './command.ts';
import { commands } from './commands.ts';
import { Metering } from './metering.ts';
import { parsePacket, type Call, type Packet } from './packet.ts';
import { Params } from './params.ts';
import { errorOf, INTERNAL_ERROR, sessionError } from './problems.ts';
import { failure, refusalText, replyText, success, type Outcome } from './reply.ts';
import type { Session } from './session.ts';

/** Numbers that are not zero in one reply; they take about 16 bytes each until they are written. */
const ROOM_ROWS = 2_000_000;

export interface PacketParts {
  readonly services: Services;
  readonly authentication: Authentication;
  /** Null without a limit; `points` is what a second allows. */
  readonly rate: { readonly limiter: RateLimiter; readonly points: number } | null;
  readonly selfMetering: boolean;
}

/** A packet as it arrived. */
export interface Arrival {
  readonly body: Uint8Array;
  readonly sessionHeader: string | undefined;
  readonly connection: CommandContext['connection'];
  readonly log: Services['log'];
  readonly signal: AbortSignal;
}

/** Runs a packet (contract 2); returns its reply in pieces. Throws for bugs and outages that concern the whole packet. */
export async function runPacket(parts: PacketParts, arrival: Arrival): Promise<Iterator<string>> {
  const { services, authentication } = parts;
  const packet = parsePacket(arrival.body);
  if (!packet.ok) return refused(refusalText([errorOf(packet.problem)]));
  const now = services.clock.now();

  const organizations = await services.directory.organizations();
  const { remoteAddr: address } = arrival.connection;
  const bearer = { header: arrival.sessionHeader, address, organizations };
  const authenticated = await authentication.of(packet.value.auth, bearer);
  if (!authenticated.ok) return refused(refusalText([authenticated.problem]));
  const { session, login } = authenticated.value;

  const exceeded = await exceededBy(parts, packet.value, session);
  if (exceeded !== null) {
    // Nobody is told the id of a session that was opened just now.
    if (login !== null) await session.end();
    return refused(exceeded);
  }

  const metering = new Metering();
  if (login !== null) metering.add(session.current.id, 'api.authenticate');
  const context: CommandContext = {
    services,
    now,
    session,
    organizations,
    connection: arrival.connection,
    room: { rows: ROOM_ROWS },
    signal: arrival.signal,
  };
  const outcomes: (readonly [string, Outcome])[] = login === null ? [] : [['auth', success(login)]];
  for (const call of packet.value.calls) {
    if (arrival.signal.aborted) break;
    outcomes.push([call.id, await outcomeOf(call, context, metering, arrival.log)]);
  }
  if (parts.selfMetering) await metering.store(services.ingest, now, callerColumns(session, address), arrival.log);
  return replyText(outcomes);
}

function* refused(text: string): Generator<string> {
  yield text;
}

/** The refusal of a packet that sends more commands than its organization may (contract 6); null to go on. */
async function exceededBy({ rate }: PacketParts, { calls }: Packet, session: Session): Promise<string | null> {
  if (rate === null) return null;
  // A packet that is larger than the limit must not be refused for ever.
  const points = Math.min(Math.max(1, calls.length), rate.points);
  const decision = await rate.limiter.consume(session.current.publicId, points);
  if (decision.allowed) return null;
  return refusalText([errorOf({ kind: 'rate_limited', retryAfterMs: decision.retryAfterMs })]);
}

async function outcomeOf(
  { request }: Call,
  context: CommandContext,
  metering: Metering,
  log: Services['log'],
): Promise<Outcome> {
  const { session, signal } = context;
  if (session.ended) return failure(sessionError(session.id));
  if (!request.ok) return failure(errorOf(request.problem));
  const { command: name, params } = request.value;
  const command: Command | undefined = commands.get(name);
  if (command === undefined) return failure(errorOf({ kind: 'not_found', what: 'command', key: name }));
  metering.add(session.current.id, name);
  try {
    return await command.run(new Params(params), context);
  } catch (error) {
    if (!signal.aborted) log.error({ err: error, command: name }, 'a command failed');
    return failure(INTERNAL_ERROR);
  }
}

function callerColumns({ caller }: Session, ip: string): { user?: string; thing?: string; ip: string } {
  return caller.kind === 'user' ? { user: caller.uid, ip } : { thing: caller.thingKey, ip };
}
