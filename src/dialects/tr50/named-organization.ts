import type { Organization } from '../../directory/organizations.ts';
import type { CommandContext } from './command.ts';
import { errorOf } from './problems.ts';
import { failure, type Outcome } from './reply.ts';
import type { Params } from './params.ts';

/**
 * The organization that `key` and `id` name, both together if both are given; null when neither is. One that the caller
 * may not enter is told like one that does not exist.
 */
export function namedOrganization(
  params: Params,
  { organizations, session }: CommandContext,
): { readonly found: Organization | null } | { readonly refusal: Outcome } {
  const key = params.text('key');
  const id = params.text('id');
  if (params.faults.length > 0) return { refusal: failure(...params.faults.map(errorOf)) };
  if (key === null && id === null) return { found: null };
  const found = key === null ? organizations.byPublicId(id ?? '') : organizations.byKey(key);
  if (found === undefined || (id !== null && found.publicId !== id) || !session.mayEnter(found)) {
    return { refusal: failure(errorOf({ kind: 'not_found', what: 'organization', key: key ?? id ?? '' })) };
  }
  return { found };
}
