import { fail, ok, type Result } from '../../domain/result.ts';
import { selectRows, type Condition } from '../../store/records/declared-rows.ts';
import type { RecordsDatabase } from '../../store/records/records.ts';
import { emailKey } from '../../store/records/schema/users.ts';
import type { Stored } from '../kinds/field.ts';
import type { Kind, Row } from '../kinds/kind.ts';
import { kindNamed } from '../kinds/registry.ts';
import { addressColumns, isNamedByUser, isNumbered } from './addresses.ts';
import { reaches, seesUser, tiesOf, type Reach } from './reach.ts';

/** Where an entry stands: the rows around it, outermost first, each with its kind. */
export type Place = readonly { readonly kind: Kind; readonly row: Row }[];

/** The rows that the addresses of a path name, one below the other. `not_found` names the first that is not there. */
export async function locatePath(
  db: RecordsDatabase,
  reach: Reach,
  kinds: readonly Kind[],
  addresses: readonly string[],
): Promise<Result<Place>> {
  const place: { kind: Kind; row: Row }[] = [];
  const left = [...addresses];
  for (const kind of kinds) {
    const address = kind.form === 'single' ? null : (left.shift() ?? '');
    const row = await findEntry(db, reach, kind, place, address);
    if (row === null) return fail({ kind: 'not_found', what: kind.name, key: address ?? kind.list });
    place.push({ kind, row });
  }
  return ok(place);
}

/** The entry with the address among those that stand in the last row of `place`; null when there is none to be seen. */
export async function findEntry(
  db: RecordsDatabase,
  reach: Reach,
  kind: Kind,
  place: Place,
  address: string | null,
): Promise<Row | null> {
  if (address === null) return pick(await rowsIn(db, kind, place, []), kind);
  for (const column of addressColumns(kind)) {
    const value = await addressValue(db, kind, column, address);
    if (value === null) continue;
    const row = pick(await rowsIn(db, kind, place, [{ column, is: value }]), kind);
    if (row === null) continue;
    return (await isVisible(db, reach, kind, row)) ? row : null;
  }
  return null;
}

function pick(rows: readonly Row[], kind: Kind): Row | null {
  return rows.find((row) => kind.revokedColumn === null || row[kind.revokedColumn] === null) ?? null;
}

async function addressValue(
  db: RecordsDatabase,
  kind: Kind,
  column: string,
  address: string,
): Promise<string | number | null> {
  // What no row can hold must not reach the store.
  if (address.length > 512 || /\p{Cc}|\p{Surrogate}/u.test(address)) return null;
  if (isNamedByUser(kind)) {
    const user = kindNamed('user');
    for (const name of addressColumns(user)) {
      const where = [{ column: name, is: name === 'email_key' ? emailKey(address) : address }];
      const [row] = await selectRows(db, { table: user.table, where });
      if (row !== undefined) return Number(row['id']);
    }
    return null;
  }
  if (isNumbered(kind, column)) return /^[1-9][0-9]{0,15}$/.test(address) ? Number(address) : null;
  return column === 'email_key' ? emailKey(address) : address;
}

async function isVisible(db: RecordsDatabase, reach: Reach, kind: Kind, row: Row): Promise<boolean> {
  if (kind.name === 'organization') return reaches(reach, row['id']);
  if (kind.name !== 'user') return true;
  const id = Number(row['id']);
  return seesUser(reach, row, (await tiesOf(db, [id])).get(id) ?? new Set());
}

/** Rows of a kind that stand in the last row of a place. */
export async function rowsIn(
  db: RecordsDatabase,
  kind: Kind,
  place: Place,
  where: readonly Condition[],
  page: { readonly limit?: number } = {},
): Promise<Row[]> {
  const conditions: Condition[] = [...where];
  for (const [column, value] of Object.entries(ancestorColumns(kind, place))) conditions.push({ column, is: value });
  for (const [column, value] of Object.entries(kind.fixed)) conditions.push({ column, is: value });
  return selectRows(db, { table: kind.table, where: conditions, orderBy: [kind.key], ...page });
}

/** The columns by which a row is known to stand where it does. */
function ancestorColumns(kind: Kind, place: Place): Record<string, Stored> {
  const columns: Record<string, Stored> = {};
  for (const [column, ancestor] of Object.entries(kind.ancestors)) {
    const around = place.find((one) => one.kind.name === ancestor);
    if (around !== undefined) columns[column] = around.row[around.kind.key] ?? null;
  }
  return columns;
}
