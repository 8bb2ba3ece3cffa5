import type { Query } from '../query.ts';
import type { Parameters } from './parameters.ts';
import type { Read } from './reads.ts';

/** Never shown: a secret of the caller, and what belongs to a retrieval. */
const HIDDEN: ReadonlySet<string> = new Set(['page']);

/**
 * The echo of a request in its result (contract 5.5). Paginated requests show numbers and booleans, the others the text
 * that was sent; `services` is JSON inside a text in both.
 */
export function metaOf(read: Read, query: Query, parameters: Parameters): Readonly<Record<string, unknown>> {
  const { services, duration, includeCount, includeTotalCount, orderBy, skip, limit } = parameters;
  const effective: Readonly<Record<string, unknown>> = {
    services: services.text,
    duration,
    includeCount,
    includeTotalCount,
    orderBy,
    skip,
    limit,
  };
  const meta: Record<string, unknown> = {};
  for (const [name, [value]] of query) {
    if (HIDDEN.has(name)) continue;
    const typed = read.paginated || name === 'services' ? effective[name] : undefined;
    meta[name] = typed ?? value;
  }
  for (const name of read.echoed) meta[name] ??= effective[name];
  return meta;
}
