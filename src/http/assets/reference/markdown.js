import { h } from './dom.js';

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

/** The Markdown that descriptions are written in: paragraphs, lists, tables, code, emphasis, links. */
export function markdown(text) {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((block) => blockOf(block.split('\n')));
}

function blockOf(lines) {
  if (lines.length > 1 && lines[0].startsWith('|') && /^\|[-:| ]+\|?$/.test(lines[1].trim())) return tableOf(lines);
  if (lines.every((line) => /^(?:[-*] |\s+\S)/.test(line))) return listOf(lines);
  return h('p', {}, inline(lines.join(' ')));
}

function listOf(lines) {
  const items = [];
  for (const line of lines) {
    if (/^[-*] /.test(line)) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return h('ul', {}, ...items.map((item) => h('li', {}, inline(item))));
}

function tableOf([head, , ...rows]) {
  const cells = (line) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim());
  const row = (line, tag) => h('tr', {}, ...cells(line).map((cell) => h(tag, {}, inline(cell))));
  return h('table', {}, h('thead', {}, row(head, 'th')), h('tbody', {}, ...rows.map((line) => row(line, 'td'))));
}

function inline(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [all, code, strong, emphasis, label, target] = match;
    parts.push(text.slice(end, match.index));
    if (code !== undefined) parts.push(h('code', {}, code));
    else if (strong !== undefined) parts.push(h('strong', {}, strong));
    else if (emphasis !== undefined) parts.push(h('em', {}, emphasis));
    else parts.push(/^(?:https?:|[/#])/.test(target) ? h('a', { href: target }, label) : label);
    end = match.index + all.length;
  }
  return [...parts, text.slice(end)];
}
