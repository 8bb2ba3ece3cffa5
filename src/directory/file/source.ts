import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { LineOf } from './entries.ts';
import { Mistakes, type Path } from './mistake.ts';

/**
 * A YAML value without quotes that looks like a number, a truth value or nothing. Where text is expected its own
 * characters count: an unquoted id `5e0000000000000000000001` is not the number 50.
 */
export class Unquoted {
  readonly value: unknown;
  readonly text: string;

  constructor(value: unknown, text: string) {
    this.value = value;
    this.text = text;
  }
}

/** What a file says, before anybody knows whether it makes sense. Objects are maps, so that no key is special. */
export interface Source {
  readonly value: unknown;
  readonly lineOf: LineOf;
  readonly mistakes: Mistakes;
}

const WITHOUT_LINES: LineOf = () => null;

/** Largest accepted file. */
const MOST_BYTES = 64 * 1024 * 1024;
/** An alias repeats what its anchor holds; together they may not repeat more values than this. */
const MOST_REPEATED = 100_000;
const DEEPEST = 32;
const TOO_DEEP = 'the file is nested too deep';

/** Reads YAML or JSON. Never throws; what cannot be read is a mistake. */
export function readSource(text: string): Source {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (content.length > MOST_BYTES) return unreadable(`the file is larger than ${MOST_BYTES} characters`);
  if (/^\s*\{/.test(content)) {
    try {
      return { value: JSON.parse(content) as unknown, lineOf: WITHOUT_LINES, mistakes: new Mistakes() };
    } catch {
      // Perhaps YAML in braces; its reader also says where the mistake is.
    }
  }
  return readYaml(content);
}

function unreadable(reason: string): Source {
  const mistakes = new Mistakes();
  mistakes.add('malformed', [], reason);
  return { value: null, lineOf: WITHOUT_LINES, mistakes };
}

function readYaml(content: string): Source {
  const lineCounter = new LineCounter();
  let document: Document;
  try {
    document = parseDocument(content, { lineCounter, prettyErrors: false });
  } catch (error) {
    return unreadable(error instanceof RangeError ? TOO_DEEP : String(error));
  }
  const lineOf: LineOf = (at) => nearestLine(document, lineCounter, at);
  const mistakes = new Mistakes();
  for (const error of [...document.errors, ...document.warnings]) {
    const { line } = lineCounter.linePos(error.pos[0]);
    // The library catches this one itself.
    if (error.message.includes('call stack')) return unreadable(TOO_DEEP);
    mistakes.add('malformed', [], `line ${line}: ${error.message}`);
  }
  if (mistakes.any) return { value: null, lineOf, mistakes };
  try {
    return { value: new Conversion(document).convert(document.contents, 0, false), lineOf, mistakes };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    mistakes.add('malformed', [], error.message);
    return { value: null, lineOf, mistakes };
  }
}

class TooMuch extends Error {}

/** From YAML nodes to values, without the library's own way, which loses how a number was written. */
class Conversion {
  readonly #document: Document;
  #repeated = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  convert(node: unknown, depth: number, repeating: boolean): unknown {
    if (depth > DEEPEST) throw new TooMuch(TOO_DEEP);
    if (repeating && ++this.#repeated > MOST_REPEATED) {
      throw new TooMuch(`the file's aliases repeat more than ${MOST_REPEATED} values`);
    }
    if (isAlias(node)) return this.convert(node.resolve(this.#document), depth + 1, true);
    if (isSeq(node)) return node.items.map((item) => this.convert(item, depth + 1, repeating));
    if (isMap(node)) {
      const map = new Map<string, unknown>();
      for (const { key, value } of node.items) map.set(keyText(key), this.convert(value, depth + 1, repeating));
      return map;
    }
    if (!isScalar(node) || node.value === null || node.value === undefined) return null;
    if (typeof node.value === 'string') return node.value;
    return node.source === undefined ? node.value : new Unquoted(node.value, node.source);
  }
}

function keyText(key: unknown): string {
  if (!isScalar(key)) throw new TooMuch('a key is a list or a set of keys; only text can be a key');
  return key.source ?? String(key.value);
}

/** Line of the node at the path, or of the nearest one around it. */
function nearestLine(document: Document, lines: LineCounter, at: Path): number | null {
  for (let length = at.length; length >= 0; length--) {
    const found = nodeAt(document, at.slice(0, length));
    if (found?.range) return lines.linePos(found.range[0]).line;
  }
  return null;
}

function nodeAt(document: Document, at: Path): Node | null {
  let node: unknown = document.contents;
  let key: unknown = null;
  for (const step of at) {
    if (isAlias(node)) node = node.resolve(document);
    if (isSeq(node)) node = node.items[Number(step)];
    else if (isMap(node)) {
      const pair = node.items.find((item) => keyText(item.key) === step);
      key = pair?.key;
      node = pair?.value ?? key;
    } else return null;
  }
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node : null;
}
