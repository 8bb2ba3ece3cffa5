import { urlOf } from './request.js';

export const HIDDEN = '••••••';

/** The request as a command for a POSIX shell; it gives the body that the page shows. */
export function curlCommand(request, origin) {
  const url = urlOf(request, origin);
  const words = ['curl', '-sS'];
  // Brackets and braces are patterns to curl, unless it is told otherwise.
  if (/[[\]{}]/.test(url)) words.push('-g');
  if (request.method === 'HEAD') words.push('-I');
  else if (request.method !== 'GET') words.push('-X', request.method);
  words.push(quoted(url));
  for (const [name, value] of request.headers) words.push('-H', quoted(`${name}: ${value}`));
  if (request.body !== null) words.push('--data-raw', quoted(request.body));
  return words.join(' ');
}

/** The same with its secrets hidden, to be looked at. */
export function maskedCommand(request, origin) {
  return request.secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .toSorted((a, b) => b.length - a.length)
    .reduce((command, secret) => command.replaceAll(secret, HIDDEN), curlCommand(request, origin));
}

/** One word to a POSIX shell, whatever is in it. */
export function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
