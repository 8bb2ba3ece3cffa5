import { h } from './dom.js';
import { exampleOf, exampleText } from './example.js';
import { pretty } from './pretty.js';

/** More than this of an answer is left out of the page; a stream ends there. */
const MAX_SHOWN = 2_000_000;

/**
 * Sends a request and shows what comes: status, headers, time and body as it arrives.
 *
 * @param explain what a status means for this request, in words; '' for nothing to say
 */
export async function sendAndShow(request, url, place, { explain, onAnswer, signal }) {
  const began = performance.now();
  const status = h('p', { class: 'status', role: 'status' }, 'Sent …');
  place.replaceChildren(status);
  let response;
  try {
    response = await fetch(url, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      // As the command would: without the cookies of this browser, and without its password dialog.
      credentials: 'omit',
      cache: 'no-store',
      signal,
    });
  } catch (error) {
    status.textContent = signal.aborted ? 'Stopped.' : `No answer: ${error.message}`;
    return;
  }
  const body = bodyView('Answer', response.headers.get('content-type') ?? '');
  const why = explain(response.status);
  place.append(...(why === '' ? [] : [h('p', { class: 'why' }, why)]), headersView(response.headers), body.element);
  const outcome = `${response.status} ${response.statusText}`.trim();
  const ms = () => Math.round(performance.now() - began);
  status.textContent = `${outcome}, first byte after ${ms()} ms`;
  const ended = await readBody(response, body, signal);
  status.textContent = `${outcome} in ${ms()} ms, ${ended}`;
  onAnswer(response, body.text());
}

async function readBody(response, body, signal) {
  if (response.body === null) return '0 bytes';
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      body.append(decoder.decode(value, { stream: true }));
      if (bytes > MAX_SHOWN) {
        await reader.cancel();
        return `more than ${MAX_SHOWN} bytes, the rest is left out`;
      }
    }
  } catch (error) {
    return signal.aborted ? `stopped after ${bytes} bytes` : `broken off after ${bytes} bytes: ${error.message}`;
  } finally {
    body.append(decoder.decode());
    body.end();
  }
  return `${bytes} bytes`;
}

function headersView(headers) {
  const rows = [...headers].map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value)));
  return h(
    'details',
    { class: 'headers', open: true },
    h('summary', {}, 'Headers'),
    h('table', {}, h('tbody', {}, ...rows)),
  );
}

/** A body that can be looked at set out or raw. */
function bodyView(label, type) {
  let text = '';
  let raw = false;
  const code = h('code');
  const show = () => {
    code.textContent = raw ? text : pretty(text, type);
  };
  const toggle = h('button', {
    type: 'button',
    'aria-pressed': 'false',
    onclick: () => {
      raw = !raw;
      toggle.setAttribute('aria-pressed', String(raw));
      show();
    },
  });
  toggle.textContent = 'Raw';
  return {
    element: h('div', { class: 'body' }, toggle, block(label, code)),
    text: () => text,
    append(more) {
      text += more;
      // Setting it out waits for the end: half a document has no structure.
      code.textContent = text;
    },
    end: show,
  };
}

/** Text that may be wider or longer than its place, so it can be reached and scrolled by keyboard. */
export function block(label, code) {
  return h('pre', { tabindex: '0', role: 'region', 'aria-label': label }, code);
}

/** The answers a request may get, as the description has them, before anything is sent. */
export function exampleAnswers(operation, { preferred }) {
  const answers = operation.responses.flatMap(({ status, description, content }) =>
    content.length === 0
      ? [{ status, description, type: '', name: '', text: '' }]
      : content.flatMap(({ type, schema, examples }) =>
          (examples.length === 0 ? [['', exampleOf(schema)]] : examples).map(([name, value]) => ({
            status,
            description,
            type,
            name,
            text: exampleText(value),
          })),
        ),
  );
  if (answers.length === 0) return null;
  const code = h('code');
  const about = h('p', { class: 'hint' });
  const select = h(
    'select',
    { 'aria-label': 'Example answer' },
    ...answers.map(({ status, type, name }, index) =>
      h('option', { value: index }, [status, type, name].filter((part) => part !== '').join(' · ')),
    ),
  );
  const show = () => {
    const { text, type, description } = answers[Number(select.value)];
    code.textContent = pretty(text, type);
    about.textContent = description.replaceAll('`', '');
  };
  select.addEventListener('change', show);
  const prefer = () => {
    const wanted = preferred();
    const index = answers.findIndex(
      ({ type, name, status }) => status.startsWith('2') && (type === wanted || name === wanted),
    );
    if (index >= 0) select.value = String(index);
    show();
  };
  prefer();
  const element = h(
    'section',
    { class: 'examples' },
    h('h4', {}, 'Example answer'),
    select,
    about,
    block('Example', code),
  );
  return { element, prefer };
}
