import type { StreamName } from '../domain/streams/index.ts';
import { streamNames } from '../domain/streams/index.ts';
import type { EpochMs, ZoneId } from '../domain/time/instant.ts';
import type { FactsStore } from '../store/facts/facts-store.ts';
import { countRows } from '../store/facts/frozen-tables.ts';
import { migrationState } from '../store/facts/migrate.ts';
import { column, tupleOf } from '../store/facts/rows.ts';
import { join, param, sql } from '../store/facts/sql.ts';

/** What can be said of the facts store from outside of the process that has it open. */
export interface FactsReport {
  readonly migrations: { readonly applied: readonly string[]; readonly missing: readonly string[] };
  /** Null while the tables are not there. */
  readonly rows: Readonly<Record<StreamName, number>> | null;
  /** Offsets from UTC in milliseconds, as the engine's zone database has them, in the order they were asked for. */
  readonly offsets: readonly number[];
}

/** A moment in a zone, to be asked of the engine's zone database. */
export interface ZoneProbe {
  readonly zone: ZoneId;
  readonly at: EpochMs;
}

export async function reportOnFacts(facts: FactsStore, probes: readonly ZoneProbe[]): Promise<FactsReport> {
  const migrations = await migrationState(facts);
  const counted: Partial<Record<StreamName, number>> = {};
  if (migrations.missing.length === 0) {
    for (const stream of streamNames) counted[stream] = await countRows(facts, stream);
  }
  return {
    migrations,
    rows: isComplete(counted) ? counted : null,
    offsets: await offsetsOf(facts, probes),
  };
}

function isComplete(rows: Partial<Record<StreamName, number>>): rows is Record<StreamName, number> {
  return streamNames.every((stream) => rows[stream] !== undefined);
}

async function offsetsOf(facts: FactsStore, probes: readonly ZoneProbe[]): Promise<number[]> {
  if (probes.length === 0) return [];
  const seconds = probes.map(
    ({ zone, at }) => sql`timeZoneOffset(toTimeZone(${param.instant(at)}, ${param.string(zone)}))`,
  );
  const found = await facts.query(sql`SELECT arrayJoin([${join(seconds)}])`, {
    tag: 'doctor',
    rows: tupleOf(column.integer),
  });
  return found.map(([offset]) => offset * 1000);
}
