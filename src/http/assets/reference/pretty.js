/** A body set out to be read: JSON and XML by their structure, anything else as it is. */
export function pretty(text, type) {
  if (/json/i.test(type)) return prettyJson(text);
  if (/xml/i.test(type) && !/html/i.test(type)) return prettyXml(text);
  return text;
}

const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Sets out the text itself: parsing would round numbers that are longer than JavaScript's. */
export function prettyJson(text) {
  if (!isJson(text)) return text;
  const tokens = text.match(JSON_TOKEN) ?? [];
  let depth = 0;
  let out = '';
  const line = () => `\n${'  '.repeat(depth)}`;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token === '{' || token === '[') {
      const closes = next === (token === '{' ? '}' : ']');
      depth += 1;
      out += closes ? token : token + line();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const opened = out.endsWith('{') || out.endsWith('[');
      out += opened ? token : line() + token;
    } else if (token === ',') out += token + line();
    else if (token === ':') out += ': ';
    else out += token;
  }
  return out;
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const XML_TOKEN = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>|[^<]+/g;

/** An element a line; one that holds only text, or nothing, stays on its line. */
export function prettyXml(text) {
  const tokens = (text.match(XML_TOKEN) ?? []).filter((token) => token.trim() !== '');
  const lines = [];
  let depth = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const [token, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]];
    const opens = /^<[^/?!][^>]*[^/]>$|^<[^/?!>]>$/.test(token);
    if (opens && second?.startsWith('</')) {
      lines.push('  '.repeat(depth) + token + second);
      at += 1;
    } else if (opens && second !== undefined && !second.startsWith('<') && third?.startsWith('</')) {
      lines.push('  '.repeat(depth) + token + second + third);
      at += 2;
    } else {
      if (token.startsWith('</')) depth = Math.max(0, depth - 1);
      lines.push('  '.repeat(depth) + token.trim());
      if (opens) depth += 1;
    }
  }
  return lines.join('\n');
}
