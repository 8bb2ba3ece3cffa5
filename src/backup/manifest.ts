import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { BackupError } from './backup-error.ts';

/** Raised when an older program could not read what is written. */
export const FORMAT_VERSION = 1;

/** Names of the files in a backup's folder. */
export const MANIFEST_FILE = 'manifest.json';
/** In the form of `sha256sum`, so that `sha256sum -c` can check the manifest, which names the digests of the rest. */
export const MANIFEST_DIGEST_FILE = 'manifest.json.sha256';
export const KEY_COPY = 'secret.key';

const Count = Type.Integer({ minimum: 0 });
const Strict = { additionalProperties: false } as const;

const BackupFile = Type.Object(
  {
    /** Path inside of the backup's folder. */
    path: Type.String({ pattern: '^[a-z0-9_]+(/[a-z0-9_]+)?\\.[a-z]+$' }),
    bytes: Count,
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  Strict,
);

const Manifest = Type.Object(
  {
    format: Type.Literal('tallyhouse-backup'),
    format_version: Type.Literal(FORMAT_VERSION),
    id: Type.String(),
    /** Version of the program that wrote it. */
    product_version: Type.String(),
    created_at: Type.String(),
    /** Migrations that both stores had had. They are the same for all engines. */
    migrations: Type.Object({ facts: Type.Array(Type.String()), records: Type.Array(Type.String()) }, Strict),
    /** Where the key is that opens sealed secrets: in the backup's copy of the key file, or in TALLYHOUSE_SECRET. */
    sealed_with: Type.Union([Type.Literal('key_file'), Type.Literal('secret'), Type.Literal('nothing')]),
    key_file: Type.Union([BackupFile, Type.Null()]),
    /** One file for each stream: rows in the Native format of ClickHouse. */
    facts: Type.Array(Type.Object({ stream: Type.String(), rows: Count, file: BackupFile }, Strict)),
    /** One file for each table: rows as JSON, one a line. */
    records: Type.Array(Type.Object({ table: Type.String(), rows: Count, file: BackupFile }, Strict)),
    /** The highest number given to rows of a table, whether or not the row is still there. */
    numbers: Type.Record(Type.String(), Count),
    /** Acknowledged facts by stream that were not in the facts store yet; they are in the table `outbox`. */
    waiting: Type.Record(Type.String(), Count),
    /** Large requests that were begun and never finished. */
    unfinished_requests: Count,
  },
  Strict,
);

export type Manifest = Static<typeof Manifest>;
export type BackupFile = Static<typeof BackupFile>;

/** Reads a manifest whose digest was checked. Throws BackupError when this program cannot use it. */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BackupError(`${MANIFEST_FILE} is not JSON`);
  }
  if (Value.Check(Manifest, value)) return value;
  const version =
    typeof value === 'object' && value !== null && 'format_version' in value ? value.format_version : null;
  if (typeof version === 'number' && version > FORMAT_VERSION) {
    throw new BackupError(
      `the backup has the format ${version}, this program reads ${FORMAT_VERSION}: use a newer one`,
    );
  }
  const [mistake] = Value.Errors(Manifest, value);
  const where = mistake === undefined ? '' : `: ${mistake.instancePath || '/'} ${mistake.message}`;
  throw new BackupError(`${MANIFEST_FILE} is not that of a backup${where}`);
}
