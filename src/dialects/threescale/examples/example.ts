import type { Format } from '../format/format.ts';

/** One answer in each format of a path; JSON as a value, everything else as the text it is. */
export type Example = Readonly<Partial<Record<Format, unknown>>>;

export type Examples = Readonly<Record<string, Example>>;
