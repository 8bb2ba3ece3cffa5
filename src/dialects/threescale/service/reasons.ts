import { tokenDigest } from '../../../directory/secrets/tokens.ts';
import type { MeteredApplication } from '../../../directory/metered-applications.ts';
import type { MeteredProduct } from '../../../directory/meters.ts';
import { textOf, type ValueMap } from './nested.ts';

/** Why a call is refused with a verdict (contract 5.3). */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

export const LIMITS_EXCEEDED: Reason = { code: 'limits_exceeded', text: 'usage limits are exceeded' };

interface Judged {
  readonly product: MeteredProduct;
  readonly application: MeteredApplication;
  readonly parameters: ValueMap;
  /** One of the oauth calls. */
  readonly oauth: boolean;
}

/** The first reason to refuse the call, limits aside: they come last and are decided where they are counted. */
export function reasonAgainst(judged: Judged): Reason | null {
  const { product, application, parameters, oauth } = judged;
  const isOauthProduct = product.backendVersion === 'oauth' || product.backendVersion === 'oidc';
  if (oauth && !isOauthProduct) return { code: 'oauth_not_enabled', text: 'oauth is not enabled' };
  return (
    againstKey(application, parameters, oauth || isOauthProduct) ??
    (oauth ? againstRedirect(application, parameters) : null) ??
    againstReferrer(application, textOf(parameters, 'referrer')) ??
    (application.live ? null : { code: 'application_not_active', text: 'application is not active' }) ??
    (product.suspended ? { code: 'service_not_active', text: 'service is not active' } : null)
  );
}

/** A blank key counts as one that is there; who calls an OAuth product may leave it out. */
function againstKey({ keys }: MeteredApplication, parameters: ValueMap, optional: boolean): Reason | null {
  const sent = parameters.get('app_key');
  const key = typeof sent === 'string' ? sent.trim() : null;
  if (keys.length === 0 || (optional && key === null)) return null;
  if (key === null || key === '') return { code: 'application_key_invalid', text: 'application key is missing' };
  const digest = tokenDigest(key);
  if (keys.some((known) => known.digest === digest)) return null;
  return { code: 'application_key_invalid', text: `application key "${key}" is invalid` };
}

function againstRedirect({ redirectUrl }: MeteredApplication, parameters: ValueMap): Reason | null {
  const name = parameters.has('redirect_url') ? 'redirect_url' : 'redirect_uri';
  const sent = textOf(parameters, name);
  if (sent === null || sent === redirectUrl) return null;
  return { code: `${name}_invalid`, text: `${name} "${sent}" is invalid` };
}

/** A filter may have `*` for anything; the referrer `*` passes all of them. */
function againstReferrer({ referrerFilters }: MeteredApplication, referrer: string | null): Reason | null {
  if (referrerFilters.length === 0 || referrer === '*') return null;
  if (referrer === null) return { code: 'referrer_not_allowed', text: 'referrer is missing' };
  if (referrerFilters.some((filter) => matches(filter, referrer))) return null;
  return { code: 'referrer_not_allowed', text: `referrer "${referrer}" is not allowed` };
}

/** Never more steps than the product of both lengths, whatever the pattern. */
function matches(pattern: string, text: string): boolean {
  let [p, t, star, retry] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      retry = t;
      p += 1;
    } else if (pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      retry += 1;
      t = retry;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
