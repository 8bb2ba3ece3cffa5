import type { OrganizationId } from '../domain/scope.ts';
import type { StreamName } from '../domain/streams/index.ts';
import type { EpochMs } from '../domain/time/instant.ts';

/**
 * A row on its way to the facts store, already in the form it is inserted in (one JSONEachRow line without line
 * feed), so that it is serialised once and never parsed again.
 */
export interface Fact {
  readonly stream: StreamName;
  readonly line: string;
}

/** Values of a row's columns by field name; absent ones are left out and take the column's default. */
export type FactValues = Readonly<Record<string, string | number | null | undefined>>;

/**
 * Makes the row. `values` uses the names of the stream's declaration; `json` fields are given as JSON text.
 * `id` is the caller's own id of the row, kept so that an export can be imported again without counting twice.
 */
export function fact(
  stream: StreamName,
  organization: OrganizationId,
  time: EpochMs,
  values: FactValues,
  id = '',
): Fact {
  return factOfRow(stream, { organization, id, time, ...values });
}

/** As `fact`, of a row that has its organization, id and time among its values. */
export function factOfRow(stream: StreamName, row: FactValues): Fact {
  return { stream, line: JSON.stringify(row) };
}
