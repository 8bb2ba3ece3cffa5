import { h, newId } from './dom.js';

/**
 * Beside a text field: the values there are, by name, asked for when the field is first used. Typing stays possible.
 *
 * @param offered reads the values of a kind: `[{value, label}]`, newest first; rejects with what to tell
 * @returns what is added behind the field
 */
export function offerValues(input, kind, offered) {
  const list = h('datalist', { id: newId() });
  const told = h('span', { class: 'hint', 'aria-live': 'polite' });
  input.setAttribute('list', list.id);
  input.addEventListener('focus', async () => {
    try {
      const { values, note } = await offered(kind);
      list.replaceChildren(...values.map(({ value, label }) => h('option', { value, label: labelOf(value, label) })));
      told.textContent = note || `${values.length} to choose from.`;
    } catch (error) {
      list.replaceChildren();
      told.textContent = error.message;
    }
  });
  return h('span', {}, list, told);
}

function labelOf(value, label) {
  return label === undefined || label === null || label === '' ? String(value) : `${value} - ${label}`;
}

const ZONES = 'zones';

/**
 * The zones this browser knows, and names a dialect has besides (`x-zone-names`), once for all fields that take the
 * same; returns the id of the list.
 */
export function zoneList(names = []) {
  const id = names.length === 0 ? ZONES : `${ZONES}-${names.length}`;
  if (document.getElementById(id) === null) {
    const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...names]);
    document.body.append(h('datalist', { id }, ...[...zones].map((value) => h('option', { value }))));
  }
  return id;
}

const MAX_OFFERED = 100;
/** Of each step before the last. */
const MAX_FOLLOWED = 5;
/** As long as nobody would create something and wonder where it is. */
const KEPT_MS = 15_000;

/**
 * Reads the tenant's own values with the credential that was entered, by the dialect's own reads: `x-values` of its
 * document names for each kind the steps, `{path, items, value, label}`. A `{}` in a path is each value of the step
 * before. `items` are the keys from the root to the objects, through lists. A kind with a `note` alone cannot be offered.
 *
 * @param send sends a GET of a path with the credential; resolves with `{status, text}`
 */
export function valueReader(values, send) {
  const kept = new Map();
  return (kind) => {
    const known = kept.get(kind);
    if (known !== undefined && performance.now() - known.at < KEPT_MS) return known.found;
    const found = read(values[kind] ?? {}, send);
    kept.set(kind, { at: performance.now(), found });
    found.catch(() => kept.delete(kind));
    return found;
  };
}

async function read({ steps = [], note = '' }, send) {
  let values = [{ value: '', label: '' }];
  for (const [index, step] of steps.entries()) {
    const last = index === steps.length - 1;
    const lists = [];
    for (const { value } of values.slice(0, MAX_FOLLOWED)) {
      lists.push(await readStep(step, step.path.replace('{}', encodeURIComponent(value)), send));
    }
    values = unique(lists.flat()).slice(0, last ? MAX_OFFERED : MAX_FOLLOWED);
  }
  return { values: steps.length === 0 ? [] : values, note };
}

/** The newest of a list that is in pages are on its last one. */
async function readStep(step, path, send) {
  const first = await readPage(path, send);
  const pages = first.metadata?.total_pages ?? 1;
  const page = pages > 1 ? await readPage(`${path}${path.includes('?') ? '&' : '?'}page=${pages}`, send) : first;
  return (step.items === '' ? [] : step.items.split('.'))
    .reduce((found, key) => found.flatMap((item) => item?.[key] ?? []), Array.isArray(page) ? page : [page])
    .flatMap((item) => {
      if (typeof item !== 'object') return [{ value: String(item), label: '' }];
      const value = item[step.value];
      return value === undefined || value === null ? [] : [{ value: String(value), label: item[step.label] ?? '' }];
    })
    .toReversed();
}

async function readPage(path, send) {
  const { status, text } = await send(path);
  if (status === 401 || status === 403) throw new Error('Enter a credential that may list them, and they are offered.');
  if (status !== 200) throw new Error(`They cannot be listed now (${status}).`);
  return JSON.parse(text);
}

function unique(values) {
  return [...new Map(values.map((each) => [each.value, each])).values()];
}
