import { setting, switchSetting, textSetting } from './setting.ts';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Log-in by an OpenID Connect provider. Without an issuer there is none. */
export const signOnSettings = {
  oidcIssuer: setting<string | undefined>({
    variable: 'TALLYHOUSE_OIDC_ISSUER',
    description: 'OpenID Connect provider that people log in with. Unset: there is no log-in for browsers.',
    accepts: 'the issuer’s https address, e.g. https://accounts.example.com (http on this machine only)',
    default: undefined,
    parse: (text) => (protectedUrl(text) === null ? undefined : text),
  }),
  oidcClientId: textSetting({
    variable: 'TALLYHOUSE_OIDC_CLIENT_ID',
    description: 'Id of this server at the provider.',
    default: undefined,
  }),
  oidcClientSecret: textSetting({
    variable: 'TALLYHOUSE_OIDC_CLIENT_SECRET',
    description: 'Its secret there. Unset: a public client (PKCE alone).',
    default: undefined,
  }),
  oidcBaseUrl: setting<string | undefined>({
    variable: 'TALLYHOUSE_OIDC_BASE_URL',
    description: 'Address of this server as browsers see it; the provider has to know BASE/login/callback.',
    accepts: 'scheme and host, e.g. https://tallyhouse.example.com (http on this machine only)',
    default: undefined,
    parse: (text) => {
      const url = protectedUrl(text);
      return url === null || url.pathname !== '/' ? undefined : url.origin;
    },
  }),
  oidcDomains: setting<readonly string[]>({
    variable: 'TALLYHOUSE_OIDC_DOMAINS',
    description: 'Domains of e-mail addresses that may log in this way. Unset: every address in the directory.',
    accepts: 'a comma list of domains, e.g. example.com,example.org',
    default: '',
    parse: (text) => {
      const domains = text
        .toLowerCase()
        .split(',')
        .map((domain) => domain.trim())
        .filter((domain) => domain !== '');
      return domains.every((domain) => /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*$/u.test(domain)) ? domains : undefined;
    },
  }),
  oidcTrustEmail: switchSetting({
    variable: 'TALLYHOUSE_OIDC_TRUST_EMAIL',
    description:
      'Take addresses as verified when the provider does not say whether they are (Microsoft Entra does not).',
    default: false,
  }),
};

/** Names what is missing; null when all is there, or nothing. */
export function incompleteSignOn(values: {
  readonly oidcIssuer: string | undefined;
  readonly oidcClientId: string | undefined;
  readonly oidcBaseUrl: string | undefined;
}): string | null {
  const given = [values.oidcIssuer, values.oidcClientId, values.oidcBaseUrl].filter((value) => value !== undefined);
  if (given.length === 0 || given.length === 3) return null;
  return (
    'TALLYHOUSE_OIDC_ISSUER, TALLYHOUSE_OIDC_CLIENT_ID and TALLYHOUSE_OIDC_BASE_URL belong together: ' +
    'set all of them or none'
  );
}

function protectedUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return null;
  if (url.protocol === 'https:') return url;
  return url.protocol === 'http:' && LOOPBACK.test(url.hostname) ? url : null;
}
