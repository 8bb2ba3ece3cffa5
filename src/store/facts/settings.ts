import type { StreamFormat } from './facts-store.ts';
import { quote } from './render.ts';

/** Settings of the engine for one statement. */
export type Settings = Readonly<Record<string, number | string>>;

/**
 * `SETTINGS …`, for the text of a statement. Never given beside the text: the embedded engine would keep them for the
 * rest of the session.
 */
export function settingsText(settings: Settings): string {
  const items = Object.entries(settings).map(
    ([name, value]) => `${name}=${typeof value === 'number' ? String(value) : quote(value)}`,
  );
  return items.length === 0 ? '' : ` SETTINGS ${items.join(', ')}`;
}

export interface LimitSettings {
  /** Finds the statement in the engine, so that it can be stopped. */
  readonly id: string;
  readonly timeoutMs: number;
  readonly maxMemoryBytes: number;
  readonly maxRows: number | undefined;
}

function limits({ id, timeoutMs, maxMemoryBytes, maxRows }: LimitSettings): Settings {
  return {
    log_comment: id,
    max_execution_time: timeoutMs / 1000,
    max_memory_usage: maxMemoryBytes,
    ...(maxRows === undefined ? {} : { max_result_rows: maxRows, result_overflow_mode: 'throw' }),
  };
}

/** An answer is held in memory as text on its way to rows; beyond this it is `too_many_rows`. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

/** For an answer in JSONCompact, read exactly (exact-json.ts): integers in digits, words for the floats JSON does not know. */
export function readSettings(limit: LimitSettings): Settings {
  return {
    ...limits(limit),
    max_result_bytes: MAX_ANSWER_BYTES,
    result_overflow_mode: 'throw',
    output_format_json_quote_64bit_integers: 0,
    output_format_json_quote_denormals: 1,
    output_format_json_escape_forward_slashes: 0,
    output_format_write_statistics: 0,
  };
}

const STREAM_BLOCK_ROWS = 16_384;

/** Large answers: sorting and grouping go to disk before the memory limit is reached. */
export function streamSettings(limit: LimitSettings, format: StreamFormat, inMemory: boolean): Settings {
  const spillBytes = Math.floor(limit.maxMemoryBytes / 3);
  return {
    ...limits(limit),
    // A piece of the stream is a block: small ones, because several are under way at a time.
    max_block_size: STREAM_BLOCK_ROWS,
    max_bytes_before_external_sort: inMemory ? 0 : spillBytes,
    max_bytes_before_external_group_by: inMemory ? 0 : spillBytes,
    // The engine's own default is a share of its memory, whatever the limits above say.
    ...(inMemory ? { max_bytes_ratio_before_external_sort: 0, max_bytes_ratio_before_external_group_by: 0 } : {}),
    output_format_json_quote_64bit_integers: format === 'JSONCompactEachRowWithNames' ? 1 : 0,
    output_format_json_quote_denormals: 1,
    output_format_json_escape_forward_slashes: 0,
  };
}

/** More than one insert carries: everything below is about keeping it one block. */
const BLOCK_ROWS = 1_048_576;

/**
 * One insert is one block from the payload to the last materialized view. The engine remembers tokens by block; were an
 * insert cut in two, or a view's result (whose order changes from run to run), a replay after a crash could drop a block
 * that holds other rows than the one it takes it for. Partitions are blocks of their own, always the same ones.
 *
 * What makes it durable is a property of the tables: `fsync_after_insert`, `fsync_part_directory` (migrations).
 */
export function insertSettings(token: string, cluster: string | null): Settings {
  return {
    insert_deduplication_token: token,
    insert_deduplicate: 1,
    deduplicate_blocks_in_dependent_materialized_views: 1,
    async_insert: 0,
    max_block_size: BLOCK_ROWS,
    max_insert_block_size: BLOCK_ROWS,
    min_insert_block_size_rows: BLOCK_ROWS,
    min_insert_block_size_bytes: 0,
    group_by_two_level_threshold: 0,
    group_by_two_level_threshold_bytes: 0,
    max_partitions_per_insert_block: 0,
    input_format_skip_unknown_fields: 0,
    input_format_null_as_default: 1,
    // Half of a surrogate pair is no text; it is stored in its escaped form rather than refused.
    input_format_json_throw_on_bad_escape_sequence: 0,
    ...(cluster === null ? {} : { distributed_foreground_insert: 1 }),
  };
}

/** A whole table at once: many blocks, none of them remembered. */
export function restoreSettings(cluster: string | null): Settings {
  return {
    insert_deduplicate: 0,
    async_insert: 0,
    max_partitions_per_insert_block: 0,
    ...(cluster === null ? {} : { distributed_foreground_insert: 1 }),
  };
}
