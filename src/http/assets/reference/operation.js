import { exampleAnswers, block, sendAndShow } from './answer.js';
import { credentialFor, needsOf } from './credentials.js';
import { curlCommand, maskedCommand } from './curl.js';
import { h, labelled } from './dom.js';
import { exampleOf, exampleText } from './example.js';
import { fieldOf, isSecretName, membersOf, SECRET_NAMES, valuesOf } from './fields.js';
import { markdown } from './markdown.js';
import { addressOf } from './openapi.js';
import { requestOf, urlOf } from './request.js';

const FORM = 'application/x-www-form-urlencoded';
const PLACES = ['path', 'query', 'header'];

/** The inside of a request on the page: what it is, its fields, its command, its answer. */
export function operationView(operation, api, { credentials, offered }) {
  const fields = new Map(
    PLACES.flatMap((place) => operation.parameters.filter((parameter) => parameter.in === place)).map((parameter) => [
      parameter,
      fieldOf(parameter.name, parameter.schema, {
        required: parameter.required === true,
        description: parameter.description ?? '',
        offered,
      }),
    ]),
  );
  const body = operation.body === null ? null : bodyFields(operation.body, offered);
  const request = () => {
    const sent = requestOf(operation, {
      parameters: new Map([...fields].map(([parameter, field]) => [parameter, field.value()])),
      body: body?.value() ?? null,
      credential: credentialFor(operation, api, credentials),
    });
    return { ...sent, secrets: [...sent.secrets, ...secretsIn(sent, fields)] };
  };

  const command = commandView(request);
  const answer = h('div', { class: 'answer' });
  const stop = h('button', { type: 'button', hidden: true }, 'Stop');
  const examples = exampleAnswers(operation, { preferred: () => preferredType(fields, body) });
  const form = h(
    'form',
    { class: 'request' },
    ...[...fields.values()].map((field) => field.element),
    body?.element,
    h('button', { type: 'submit', class: 'send' }, 'Send'),
    stop,
  );
  form.addEventListener('input', () => {
    command.show();
    examples?.prefer();
  });
  form.addEventListener('click', () => command.show());
  credentials.onChange((changed) => {
    if (changed === operation.api) command.show();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });

  async function send() {
    const sent = request();
    const aborted = new AbortController();
    stop.hidden = false;
    stop.onclick = () => aborted.abort();
    await sendAndShow(sent, urlOf(sent, ''), answer, {
      signal: aborted.signal,
      explain: (status) => explanation(status, operation, credentialFor(operation, api, credentials) !== null),
      onAnswer: (response, text) => offerToken(response, text),
    });
    stop.hidden = true;
  }

  /** A token that was just handed out may be used at once. */
  function offerToken(response, text) {
    const bearer = Object.entries(api.schemes).find(([, { type, scheme }]) => type === 'http' && scheme === 'bearer');
    if (bearer === undefined || !response.ok || !/json/.test(response.headers.get('content-type') ?? '')) return;
    const { access_token: secret } = JSON.parse(text) ?? {};
    if (typeof secret !== 'string') return;
    const use = () => credentials.set(api.name, { scheme: bearer[0], secret });
    answer.append(h('button', { type: 'button', onclick: use }, 'Use this token'));
  }

  const needs = needsOf(operation);
  return h(
    'div',
    { class: 'inside' },
    ...markdown(operation.description || operation.summary || operation.path),
    h(
      'p',
      { class: 'hint' },
      needs === '' ? 'Its credentials, if it needs any, are among its fields. ' : `Needs ${needs}. `,
      h('a', { href: addressOf(operation) }, 'Link to this request'),
    ),
    form,
    command.element,
    answer,
    examples?.element,
  );
}

function explanation(status, operation, sent) {
  const needs = needsOf(operation);
  if ((status !== 401 && status !== 403) || needs === '') return '';
  if (!sent) return `This request needs ${needs}. None was sent: enter it above, under the name of the API.`;
  return status === 403
    ? `The credential was refused. This request needs ${needs}; a credential without it, or for something else, is not enough.`
    : `The credential is not known, or no longer. This request needs ${needs}.`;
}

/** The command, its secrets hidden until they are asked for; what is copied always works. */
function commandView(request) {
  let shown = false;
  const code = h('code');
  const told = h('span', { class: 'hint', 'aria-live': 'polite' });
  const show = () => {
    const now = request();
    code.textContent = shown ? curlCommand(now, location.origin) : maskedCommand(now, location.origin);
  };
  const reveal = h('button', { type: 'button', 'aria-pressed': 'false' }, 'Show secrets');
  reveal.addEventListener('click', () => {
    shown = !shown;
    reveal.setAttribute('aria-pressed', String(shown));
    show();
  });
  const copy = h('button', { type: 'button' }, 'Copy');
  copy.addEventListener('click', async () => {
    told.textContent = (await copyText(curlCommand(request(), location.origin)))
      ? 'Copied.'
      : 'Show it and copy by hand.';
  });
  show();
  return {
    element: h('section', { class: 'command' }, h('h4', {}, 'Command'), copy, reveal, told, block('Command', code)),
    show,
  };
}

/** Where the page is not served securely the browser has no clipboard for it. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const place = h('textarea', { class: 'aside', 'aria-hidden': 'true' });
    place.value = text;
    document.body.append(place);
    place.select();
    const copied = document.execCommand('copy');
    place.remove();
    return copied;
  }
}

function preferredType(fields, body) {
  for (const [parameter, field] of fields) {
    if (parameter.name === 'format') return MEDIA_TYPES[field.value()] ?? '';
  }
  return body?.example() ?? '';
}

const MEDIA_TYPES = {
  xml: 'application/xml',
  json: 'application/json',
  csv: 'text/csv',
  txt: 'text/plain',
  ndjson: 'application/x-ndjson',
};

function secretsIn(request, fields) {
  const entered = [...fields]
    .filter(([parameter]) => isSecretName(parameter.name, parameter.schema))
    .map(([, field]) => field.value());
  const body = request.body ?? '';
  const inForm = [...body.matchAll(/(?:^|&)([^=&]+)=([^&]*)/g)].filter(([, name]) => SECRET_NAMES.has(name));
  const inJson = [...body.matchAll(/"([^"\\]+)"\s*:\s*"((?:[^"\\]|\\.)*)"/g)].filter(([, name]) =>
    SECRET_NAMES.has(name),
  );
  return [...entered, ...[...inForm, ...inJson].map(([, , value]) => value)];
}

/** Fields for a form; for anything else the text itself, begun with an example. */
function bodyFields({ content, description }, offered) {
  const form = content.find(({ type }) => type === FORM);
  if (form !== undefined) {
    const members = membersOf(form.schema, offered);
    return {
      element: h('fieldset', {}, h('legend', {}, 'Body (form)'), ...members.map(([, field]) => field.element)),
      value: () => ({ type: FORM, value: valuesOf(members) }),
      example: () => '',
    };
  }
  const choices = content.flatMap(({ type, schema, examples }) =>
    (examples.length === 0 ? [['', exampleOf(schema)]] : examples).map(([name, value]) => ({
      type,
      name,
      text: exampleText(value),
    })),
  );
  const text = h('textarea', { rows: 10, spellcheck: 'false' });
  text.value = choices[0]?.text ?? '';
  const choose = h(
    'select',
    {},
    ...choices.map(({ type, name }, index) => h('option', { value: index }, [type, name].filter(Boolean).join(' · '))),
  );
  choose.addEventListener('change', () => {
    text.value = choices[Number(choose.value)].text;
  });
  const chosen = () => choices[Number(choose.value)] ?? { type: 'application/json', name: '' };
  return {
    element: h(
      'fieldset',
      {},
      h('legend', {}, 'Body'),
      choices.length < 2 ? null : labelled('Begin with', choose),
      labelled('Text', text, description.replaceAll('`', '') || null),
    ),
    value: () => (text.value === '' ? null : { type: chosen().type, value: text.value }),
    example: () => chosen().name,
  };
}
