import { deploymentsOfUser } from '../../../access/deployment-rights.ts';
import type { OauthScope } from '../../../access/oauth/tokens.ts';
import type { Directory } from '../../../directory/directory.ts';
import type { User } from '../../../directory/users.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { oauthError, type OauthError } from './oauth-error.ts';

/** In the order in which they are told. */
const SCOPES: readonly OauthScope[] = ['read', 'write'];

const INVALID_SCOPE = oauthError('invalid_scope', 'The scope is unknown or goes beyond what may be granted.');

/** What a user may have (contract 3.3): who may edit no deployment gets no `write`. */
export async function scopeOfUser(user: User, directory: Directory): Promise<readonly OauthScope[]> {
  const [deployments, organizations] = await Promise.all([directory.deployments(), directory.organizations()]);
  const visible = deploymentsOfUser(user, deployments, organizations);
  return visible.some(({ right }) => right === 'edit') ? SCOPES : ['read'];
}

/** The asked part of what may be granted, all of it when nothing is asked. */
export function grantedScope(
  asked: string | null,
  grantable: readonly OauthScope[],
): Result<readonly OauthScope[], OauthError> {
  const names = (asked ?? '').split(/\s+/).filter((name) => name !== '');
  if (names.length === 0) return ok(grantable);
  if (!names.every((name) => grantable.some((scope) => scope === name))) return fail(INVALID_SCOPE);
  return ok(SCOPES.filter((scope) => names.includes(scope)));
}

/** The scope after a refresh: what was asked within the old one, without rights that were lost meanwhile. */
export function refreshedScope(
  asked: string | null,
  old: readonly OauthScope[],
  grantable: readonly OauthScope[],
): Result<readonly OauthScope[], OauthError> {
  const wanted = grantedScope(asked, old);
  if (!wanted.ok) return wanted;
  const left = wanted.value.filter((scope) => grantable.includes(scope));
  return left.length === 0 ? fail(INVALID_SCOPE) : ok(left);
}
