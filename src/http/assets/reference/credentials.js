import { h, labelled } from './dom.js';

/**
 * The credential of each dialect, entered once: kept in the tab (`sessionStorage`), gone with it, and never part of the
 * page's address.
 */
export class Credentials {
  #storage;
  #listeners = [];

  constructor(storage = sessionStorage) {
    this.#storage = storage;
  }

  /** `{scheme, secret}`; the scheme is '' before one was chosen. */
  get(api) {
    try {
      const { scheme = '', secret = '' } = JSON.parse(this.#storage.getItem(keyOf(api)) ?? '{}');
      return { scheme, secret };
    } catch {
      return { scheme: '', secret: '' };
    }
  }

  set(api, credential) {
    this.#storage.setItem(keyOf(api), JSON.stringify(credential));
    for (const listener of this.#listeners) listener(api);
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }
}

function keyOf(api) {
  return `tallyhouse.credential.${api}`;
}

/** Where a credential goes: `{place: 'query' | 'header', name, value, secret}`; null when none is entered. */
export function placed(schemes, { scheme, secret }) {
  const known = schemes[scheme] ?? Object.values(schemes)[0];
  if (known === undefined || secret === '') return null;
  if (known.type === 'apiKey') {
    if (known.in === 'cookie') return null;
    return { place: known.in, name: known.name, value: secret, secret };
  }
  const value = known.scheme === 'basic' ? `Basic ${base64(secret)}` : `Bearer ${secret}`;
  return { place: 'header', name: 'Authorization', value, secret };
}

/** Of the text in UTF-8. */
function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** The credential for an operation: none when it takes none, or none of the chosen kind. */
export function credentialFor(operation, { schemes }, credentials) {
  if (operation.security.length === 0) return null;
  const chosen = credentials.get(operation.api);
  const scheme = chosen.scheme === '' ? (Object.keys(schemes)[0] ?? '') : chosen.scheme;
  return operation.security.some((alternative) => scheme in alternative)
    ? placed(schemes, { ...chosen, scheme })
    : null;
}

/** The fields in which an API's credential is entered; null for one that has none. */
export function credentialForm({ name: api, title, schemes }, credentials) {
  const names = Object.keys(schemes);
  if (names.length === 0) return null;
  const { scheme, secret } = credentials.get(api);
  const kind = h('select', {}, ...names.map((name) => h('option', { value: name, selected: name === scheme }, name)));
  const entered = h('input', { type: 'password', autocomplete: 'off', spellcheck: 'false', value: secret });
  const about = h('span', { class: 'hint' });
  const explain = () => {
    const { type, scheme: http, name, description = '' } = schemes[kind.value];
    const form = type === 'apiKey' ? `Sent as ${name}. ` : http === 'basic' ? 'Enter user:password. ' : '';
    about.textContent = `${form}${description.replaceAll('`', '')}`;
  };
  const keep = () => {
    credentials.set(api, { scheme: kind.value, secret: entered.value });
    explain();
  };
  kind.addEventListener('change', keep);
  entered.addEventListener('input', keep);
  credentials.onChange((changed) => {
    if (changed !== api) return;
    const now = credentials.get(api);
    if (now.secret !== entered.value) entered.value = now.secret;
    if (now.scheme !== '' && now.scheme !== kind.value) kind.value = now.scheme;
  });
  explain();
  return h(
    'fieldset',
    { class: 'credential', id: `credential-${api}` },
    h('legend', {}, `Credential for ${title}`),
    names.length === 1 ? null : labelled('Kind', kind),
    labelled(names.length === 1 ? names[0] : 'Secret', entered, 'Kept in this tab only, until it is closed.'),
    about,
  );
}

/** What an operation asks of a credential, in words; '' when it asks for nothing in particular. */
export function needsOf({ security }) {
  const alternatives = security.map((alternative) =>
    Object.entries(alternative)
      .map(([scheme, scopes]) => (scopes.length === 0 ? scheme : `${scheme} with the scope ${scopes.join(' and ')}`))
      .join(' and '),
  );
  return alternatives.join(', or ');
}
