import type { Sql } from '../sql.ts';
import type { Topology } from './topology.ts';

/**
 * One step of the tables' history. Once released it is never edited; a later step changes what it made. Every statement
 * can be repeated, alone and by two nodes at once (`IF NOT EXISTS` and the like), because a step that was interrupted
 * begins anew.
 */
export interface Migration {
  /** From 1, growing. */
  readonly number: number;
  readonly name: string;
  readonly statements: (topology: Topology) => readonly Sql[];
}
