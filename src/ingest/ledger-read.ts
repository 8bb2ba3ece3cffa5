import type { OrganizationId } from '../domain/scope.ts';
import { epochMs, type EpochMs, type TimeRange } from '../domain/time/instant.ts';
import type { RecordsDatabase } from '../store/records/records.ts';
import type { LedgerRow } from './ledger.ts';

/** Names one line of the ledger; lines are in the order of these parts. */
export interface LedgerPlace {
  readonly minute: EpochMs;
  readonly organization: number;
  readonly source: string;
  readonly stream: string;
}

/** What became of the rows of one source, organization and stream in one minute. */
export interface LedgerLine extends LedgerPlace {
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface LedgerPage {
  readonly organizations: readonly OrganizationId[];
  /** Of the minutes' beginnings. */
  readonly range: TimeRange;
  readonly limit: number;
  readonly after: LedgerPlace | null;
}

const ORDER = ['minute', 'organization', 'source', 'stream'] as const;

/** A page of the ledger in order of time. */
export async function readLedger(db: RecordsDatabase, page: LedgerPage): Promise<LedgerLine[]> {
  const { organizations, range, limit, after } = page;
  if (organizations.length === 0) return [];
  const base = db
    .selectFrom('ledger')
    .where('minute', '>=', range.from)
    .where('minute', '<', range.to)
    .where('organization', 'in', organizations)
    .$if(after !== null, (query) =>
      query.where((where) =>
        where(
          where.refTuple(...ORDER),
          '>',
          where.tuple(...partsOf(after ?? { minute: epochMs(0), organization: 0, source: '', stream: '' })),
        ),
      ),
    );
  const places = await base
    .select(ORDER)
    .distinct()
    .orderBy('minute')
    .orderBy('organization')
    .orderBy('source')
    .orderBy('stream')
    .limit(limit)
    .execute();
  const last = places.at(-1);
  if (last === undefined) return [];
  const rows = await base
    .selectAll()
    .where((where) => where(where.refTuple(...ORDER), '<=', where.tuple(...partsOf(last))))
    .execute();
  return linesOf(places, rows);
}

function partsOf({ minute, organization, source, stream }: LedgerPlace): [EpochMs, number, string, string] {
  return [minute, organization, source, stream];
}

function linesOf(places: readonly LedgerPlace[], rows: readonly LedgerRow[]): LedgerLine[] {
  const outcomes = new Map(places.map((place): [string, Record<string, number>] => [partsOf(place).join(' '), {}]));
  for (const row of rows) {
    const counts = outcomes.get(partsOf(row).join(' '));
    if (counts !== undefined) counts[row.outcome] = row.count;
  }
  return places.map((place) => ({ ...place, outcomes: outcomes.get(partsOf(place).join(' ')) ?? {} }));
}
