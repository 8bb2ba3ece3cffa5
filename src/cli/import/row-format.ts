import type { StreamName } from '../../domain/streams/index.ts';
import type { FieldMap } from './json-fields.ts';

/** Forms of files that `import` reads. */
export const IMPORT_FORMATS = ['ndjson', 'csv', 'combined', 'cloudfront', 'json'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** One row as the native API takes it, and where it stands. */
export interface ReadRow {
  readonly line: number;
  /** What makes the row this row, for its id: its bytes in the file and what was decided about them. */
  readonly content: Buffer;
  /** JSON object without its closing brace. */
  readonly open: string;
  /** The row brings an id of its own. */
  readonly hasId: boolean;
}

/** A line that cannot be a row, or one that is none (`null`: blank, or the header). */
export interface RefusedLine {
  readonly line: number;
  readonly problem: string;
}

export interface ReadLines {
  readonly rows: readonly ReadRow[];
  readonly refused: readonly RefusedLine[];
}

/** Reads the content of one file. Throws CliError when the file as a whole cannot be what it is taken for. */
export type RowReader = (chunks: AsyncIterable<Buffer>) => AsyncGenerator<ReadLines>;

export interface ReaderOptions {
  readonly stream: StreamName;
  /** `service` of rows from an access log. */
  readonly service: string;
  /** Where JSON access logs have their fields, beyond the usual places. */
  readonly map: FieldMap;
}

const EXTENSIONS: Readonly<Record<string, ImportFormat>> = {
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'ndjson',
  csv: 'csv',
  log: 'combined',
};

/** As CloudFront names them: distribution, hour, unique part. */
const CLOUDFRONT_NAME = /(?:^|\/)[a-z0-9]+\.\d{4}-\d\d-\d\d-\d\d\.[0-9a-f]{8}$/;

/** What the file's name says: `rows.csv.gz`, `access.log`, and as logs are rotated `access.log.2.gz`, `access.log-20260101`. */
export function formatOfName(name: string): ImportFormat | null {
  if (CLOUDFRONT_NAME.test(name.toLowerCase().replace(/\.gz$/, ''))) return 'cloudfront';
  const bare = name
    .toLowerCase()
    .replace(/\.(gz|gzip)$/, '')
    .replace(/[.-]\d+$/, '');
  const extension = /\.([a-z]+)$/.exec(bare)?.[1];
  return extension === undefined ? null : (EXTENSIONS[extension] ?? null);
}
