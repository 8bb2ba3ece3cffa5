import { selectRows } from '../../store/records/declared-rows.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { isNumbered } from './addresses.ts';
import { rowsIn, type Place } from './locate.ts';
import { seesUser, tiesOf, type Reach } from './reach.ts';

/** People are looked through so many at a time. */
const PEOPLE_AT_ONCE = 500;

/** Up to `limit` rows of a kind behind the key `after`, in order of their keys; null when `after` is no key. */
export async function pageOf(
  db: RecordsDatabase,
  kind: Kind,
  reach: Reach,
  place: Place,
  limit: number,
  after: string | undefined,
): Promise<Row[] | null> {
  const numbered = isNumbered(kind, kind.key);
  if (after !== undefined && (numbered ? !/^[0-9]{1,15}$/.test(after) : /\p{Cc}|\p{Surrogate}/u.test(after)))
    return null;
  const start = after === undefined ? null : numbered ? Number(after) : after;
  if (kind.name === 'user') return users(db, kind, reach, limit, Number(start ?? 0));
  if (kind.name === 'organization') return organizations(db, kind, reach, limit, Number(start ?? 0));
  const where = start === null ? [] : [{ column: kind.key, above: start }];
  const live = kind.revokedColumn === null ? [] : [{ column: kind.revokedColumn, is: null }];
  return rowsIn(db, kind, place, [...where, ...live], { limit });
}

async function organizations(
  db: RecordsDatabase,
  kind: Kind,
  reach: Reach,
  limit: number,
  after: number,
): Promise<Row[]> {
  const where = [{ column: 'id', above: after }];
  if (reach.organizations === 'all') return selectRows(db, { table: kind.table, where, orderBy: ['id'], limit });
  const ids = [...reach.organizations].filter((id) => id > after).toSorted((a, b) => a - b);
  return selectRows(db, { table: kind.table, where: [{ column: 'id', in: ids.slice(0, limit) }], orderBy: ['id'] });
}

/** Users belong to the instance: those that the reach does not see are left out. */
async function users(db: RecordsDatabase, kind: Kind, reach: Reach, limit: number, after: number): Promise<Row[]> {
  const found: Row[] = [];
  let last = after;
  for (;;) {
    const where = [{ column: 'id', above: last }];
    const rows = await selectRows(db, { table: kind.table, where, orderBy: ['id'], limit: PEOPLE_AT_ONCE });
    const ties = await tiesOf(
      db,
      rows.map((row) => Number(row['id'])),
    );
    for (const row of rows) {
      if (found.length < limit && seesUser(reach, row, ties.get(Number(row['id'])) ?? new Set())) found.push(row);
    }
    if (found.length >= limit || rows.length < PEOPLE_AT_ONCE) return found;
    last = Number(rows.at(-1)?.['id']);
  }
}
