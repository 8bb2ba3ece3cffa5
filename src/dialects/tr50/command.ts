import type { OrganizationTree } from '../../directory/organizations.ts';
import type { EpochMs } from '../../domain/time/instant.ts';
import type { Services } from '../dialect.ts';
import type { Params } from './params.ts';
import type { Outcome } from './reply.ts';
import type { Session } from './session.ts';
import type { Room } from './usage-question.ts';

/** A command clients may call, as one file each. */
export interface Command {
  readonly name: string;
  /** What it does, for the API reference. */
  readonly summary: string;
  /** Parameters and what comes back, for the API reference. */
  readonly example: { readonly params?: object; readonly reply?: object };
  /** May throw for bugs and outages only; everything the caller can cause is an outcome. */
  run(params: Params, context: CommandContext): Outcome | Promise<Outcome>;
}

/** What the commands of one packet have in common. */
export interface CommandContext {
  readonly services: Pick<Services, 'config' | 'questions'>;
  /** The packet's one moment. */
  readonly now: EpochMs;
  readonly session: Session;
  readonly organizations: OrganizationTree;
  readonly connection: { readonly protocol: string; readonly remoteAddr: string };
  readonly room: Room;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}
