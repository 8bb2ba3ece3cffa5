import type { EpochMs } from '../../../domain/time/instant.ts';
import type { JsonText } from './column-types.ts';

export interface StatesTables {
  states: StatesTable;
}

/** State that decides what a write means: sessions of devices, counters with limits. Read and advanced in one transaction. */
export interface StatesTable {
  /** Which machine the state belongs to. */
  kind: string;
  /** Must not hold U+0000: digest or escape what callers choose. */
  key: string;
  value: JsonText;
  updated_at: EpochMs;
}
