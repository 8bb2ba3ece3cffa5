import type { ProviderCaller, ProviderCredentials, ProviderScope } from '../../../access/provider-credentials.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { ACCESS_DENIED, readRefusalOf, TENANT_SUSPENDED, WRONG_SCOPE, type ReadRefusal } from '../format/refusal.ts';
import type { Parameters } from '../parameters/parameters.ts';

/** A credential as it was sent. */
interface Presented {
  readonly secret: string;
  readonly as: 'access_token' | 'provider_key' | 'either';
}

/**
 * Who sends a read, and whether they may (contract 2.2, 2.3). The first credential that is there decides: a bad token
 * does not fall through to a good key (appendix B 3).
 */
export async function admit(
  credentials: ProviderCredentials,
  sent: { readonly parameters: Parameters; readonly authorization: string | undefined },
  needs: readonly ProviderScope[],
): Promise<Result<ProviderCaller, ReadRefusal>> {
  const presented = presentedIn(sent.parameters, sent.authorization);
  if (presented === null) return fail(ACCESS_DENIED);
  const found = await credentials.authenticate(presented.secret, presented.as);
  if (!found.ok) {
    if (found.problem.kind === 'not_authenticated') return fail(ACCESS_DENIED);
    return fail(found.problem.kind === 'not_permitted' ? TENANT_SUSPENDED : readRefusalOf(found.problem));
  }
  const { scopes } = found.value;
  return scopes === 'all' || needs.every((scope) => scopes.has(scope)) ? ok(found.value) : fail(WRONG_SCOPE);
}

function presentedIn(parameters: Parameters, authorization: string | undefined): Presented | null {
  for (const as of ['access_token', 'provider_key'] as const) {
    const secret = parameters.get(as);
    if (secret !== null) return { secret, as };
  }
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { secret: rest, as: 'either' };
    case 'basic': {
      const text = Buffer.from(rest, 'base64').toString('utf8');
      const colon = text.indexOf(':');
      const [name, password] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
      const secret = name === '' ? password : name;
      return secret === '' ? null : { secret, as: 'either' };
    }
    default:
      return null;
  }
}
