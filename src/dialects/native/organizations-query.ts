import Type from 'typebox';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { OrganizationId } from '../../domain/scope.ts';
import type { Caller } from './caller.ts';

const MAX_NAMED = 1_000;

/** Query parameters of every read that concerns several organizations. */
export const OrganizationsQuery = {
  organization: Type.Optional(
    Type.Union([Type.String(), Type.Array(Type.String(), { maxItems: MAX_NAMED })], {
      description: 'Uid or key; may be given several times. Default is the key’s own organization.',
      'x-values-from': 'organization',
    }),
  ),
  descendants: Type.Optional(
    Type.Enum(['true', 'false'], { description: 'Also the organizations below those named. Default false.' }),
  ),
};

export interface OrganizationsParameters {
  readonly organization?: string | readonly string[];
  readonly descendants?: 'true' | 'false';
}

export function namedOrganizations(caller: Caller, query: OrganizationsParameters): Result<readonly OrganizationId[]> {
  const names = typeof query.organization === 'string' ? [query.organization] : query.organization;
  return organizationsOf(caller, names, query.descendants === 'true', 'organization');
}

/**
 * The organizations a request is about. One that the key does not cover looks like one that does not exist.
 *
 * @param field what a problem calls the list
 */
export function organizationsOf(
  caller: Caller,
  names: readonly string[] | undefined,
  descendants: boolean,
  field: string,
): Result<readonly OrganizationId[]> {
  const roots: OrganizationId[] = [];
  if (names === undefined) roots.push(caller.organization);
  for (const [index, name] of (names ?? []).entries()) {
    const found = caller.organizationNamed(name);
    if (found === null) {
      const reason = 'is none of the organizations that the key covers';
      return fail({
        kind: 'invalid_field',
        field: names?.length === 1 && field === 'organization' ? field : `${field}[${index}]`,
        reason,
      });
    }
    roots.push(found);
  }
  return ok([...new Set(descendants ? roots.flatMap((root) => caller.subtree(root)) : roots)]);
}
