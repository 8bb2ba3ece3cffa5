import type { OrganizationId, Scope } from '../../domain/scope.ts';
import type { StreamName } from '../../domain/streams/index.ts';
import type { TimeRange } from '../../domain/time/instant.ts';

/**
 * - `csv`: a header, then one line a row; absent values are empty, `json` fields their text.
 * - `ndjson`: one object a line; absent values are left out, `json` fields are the JSON that came in, byte for byte.
 * - `parquet`: typed columns, `time` a timestamp of UTC; absent values are null, `json` fields their text.
 */
export type ExportFormat = 'csv' | 'ndjson' | 'parquet';

export interface ExportQuestion {
  readonly stream: StreamName;
  readonly scope: Scope;
  /** Half-open, UTC. */
  readonly range: TimeRange;
  readonly format: ExportFormat;
  /** Outside names of the organizations; rows of an organization that has none here are not exported. */
  readonly organizations: ReadonlyMap<OrganizationId, string>;
}
