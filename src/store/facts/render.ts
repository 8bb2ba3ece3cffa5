import { contents, Param, type ParamScalar, type ParamValue, type Sql } from './sql.ts';

/**
 * The only place where values become SQL text. Embedded, every value is rendered as a literal (the engine serialises
 * bound parameters process-wide there); served, values are bound to `{p0:Type}` placeholders and travel apart from the
 * text. Both forms mean the same to the engine, which itself replaces a placeholder by `_CAST(literal, 'Type')`.
 */
export interface BoundSql {
  readonly text: string;
  /** For `query_params` of the client; name without braces to value. */
  readonly params: Readonly<Record<string, ParamValue>>;
}

/** Values longer than this together travel as literals: parameters are part of the URL, and servers limit it. */
const MAX_BOUND_LENGTH = 6_000;

export function renderLiterals(sql: Sql): string {
  let text = '';
  for (const part of sql[contents]) text += part instanceof Param ? literal(part) : part.text;
  return text;
}

export function renderBound(sql: Sql): BoundSql {
  const names = new Map<Param, string>();
  const params: Record<string, ParamValue> = {};
  let length = 0;
  let text = '';
  for (const part of sql[contents]) {
    if (!(part instanceof Param)) {
      text += part.text;
      continue;
    }
    let name = names.get(part);
    if (name === undefined) {
      name = `p${names.size}`;
      names.set(part, name);
      const value = boundValue(part.value);
      params[name] = value;
      length += lengthOf(value);
      if (length > MAX_BOUND_LENGTH) return { text: renderLiterals(sql), params: {} };
    }
    text += `{${name}:${part.type}}`;
  }
  return { text, params };
}

function literal(param: Param): string {
  const { type, value } = param;
  if (typeof value === 'string') return quote(value);
  if (isList(value)) return `_CAST([${value.map(listElement).join(',')}],'${type}')`;
  // As text, because the parser would read a long fraction as an imprecise literal before the cast sees it.
  if (type === 'Float64') return `_CAST('${float(Number(value))}','Float64')`;
  return `_CAST(${String(value)},'${type}')`;
}

function listElement(value: ParamScalar): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' && !Number.isInteger(value) ? float(value) : String(value);
}

function float(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value);
}

const SPECIAL = /[\\'\0\b\f\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * A string as a literal. Only backslash and quote could end it; the control characters are escaped so that NUL cannot cut
 * the text in a C string and logs stay on one line.
 */
export function quote(value: string): string {
  return `'${wellFormed(value).replace(SPECIAL, (character) => ESCAPES[character] ?? '')}'`;
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

function wellFormed(value: string): string {
  return value.replace(LONE_SURROGATE, '\uFFFD');
}

function boundValue(value: ParamValue): ParamValue {
  if (typeof value === 'string') return wellFormed(value);
  if (isList(value)) return value.map((item) => (typeof item === 'string' ? wellFormed(item) : item));
  return value;
}

function lengthOf(value: ParamValue): number {
  if (isList(value)) return value.reduce<number>((sum, item) => sum + lengthOf(item) + 1, 2);
  // At worst every byte is escaped, and both bytes of that percent-encoded.
  return typeof value === 'string' ? Buffer.byteLength(value) * 6 : String(value).length;
}

function isList(value: ParamValue): value is readonly ParamScalar[] {
  return Array.isArray(value);
}
