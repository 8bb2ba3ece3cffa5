import type { EpochMs } from '../../domain/time/instant.ts';

/**
 * How each row of an answer is written as one line of text, by the engine itself: for answers of many rows whose values
 * nobody looks at on their way. The pieces follow one another without anything between them.
 */
export type RowText = readonly RowTextPiece[];

export type RowTextPiece =
  /** As it stands; without line feeds and tabs. */
  | string
  /** The dimension as a JSON string, empty where it is absent. */
  | { readonly dimension: string }
  /** The digits of a count or sum of integers; in quotation marks above `quotedAbove`, if that is a number. */
  | { readonly measure: string; readonly quotedAbove: number | null }
  /** A text for the row's bucket, by its first instant; without line feeds and tabs. */
  | { readonly bucket: (from: EpochMs) => string };

/** Some rows as texts, and what is true of all rows of the answer, those beyond the limit included. */
export interface TextRows {
  readonly texts: readonly string[];
  readonly all: WholeAnswer;
}

export interface WholeAnswer {
  readonly rows: number;
  /** The first measure, added up. */
  readonly sum: bigint;
  /** First instant of the last bucket that has rows; null without rows or without buckets. */
  readonly lastBucket: EpochMs | null;
}
