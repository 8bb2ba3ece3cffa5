import type { Format } from '../format/format.ts';

/** One answer in each format of a path; JSON as a value, everything else as the text it is. */
export type Example = Readonly<Partial<Record<Format, unknown>>>;

/**
 * Answers for the API reference, as a tenant with one application gets them, by the name of what is asked for. A test
 * asks for each.
 *
 * @throws TypeError for a name without example, when the route is made
 */
export function exampleOf(name: string): Example {
  return EXAMPLES[name] ?? {};
}

const EXAMPLES: Readonly<Record<string, Example>> = {};
