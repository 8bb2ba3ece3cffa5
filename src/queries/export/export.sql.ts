import type { OrganizationId, Scope } from '../../domain/scope.ts';
import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import { streams, type StreamDeclaration } from '../../domain/streams/index.ts';
import { SLOT_MS } from '../../store/facts/rollups.ts';
import { empty, ident, join, param, sql, type Sql } from '../../store/facts/sql.ts';
import { scopeConditions, timeCondition } from '../scope.sql.ts';
import type { ExportQuestion } from './export-question.ts';
import { fieldForms, instantForms, textForms, type Forms } from './forms.sql.ts';

/**
 * The columns are renamed inside and get their wire names outside, because an alias hides the column of its name from
 * WHERE and ORDER BY.
 */
export function exportSql(question: ExportQuestion, { sorted }: { readonly sorted: boolean }): Sql {
  const stream = streams[question.stream];
  const columns = ['organization', 'id', ...stream.fields.map((field) => field.name)];
  const inner = columns.map((column) => sql`${ident(column)} AS ${stored(column)}`);
  const source = sql`FROM (SELECT ${join(inner)} ${fromWhere(question)})`;
  const order = sorted ? sql` ORDER BY ${stored('time')}` : empty;
  return sql`SELECT ${selected(wireFields(stream, question.organizations), question.format)} ${source}${order}`;
}

/** Where slices of `rows` rows begin, in milliseconds, on quarters of an hour; nothing when there are no rows. */
export function slicesSql(question: ExportQuestion, rows: number): Sql {
  const ms = sql`toUnixTimestamp64Milli(time)`;
  const slots = sql`SELECT ${ms} - positiveModulo(${ms}, ${param.int64(SLOT_MS)}) AS slot, count() AS rows ${fromWhere(question)} GROUP BY slot`;
  const before = sql`sum(rows) OVER (ORDER BY slot) - rows`;
  const slices = sql`SELECT slot, intDiv(${before}, ${param.u64(rows)}) AS slice FROM (${slots})`;
  return sql`SELECT min(slot) AS begin FROM (${slices}) GROUP BY slice ORDER BY slice`;
}

function fromWhere({ stream, scope, organizations, range }: ExportQuestion): Sql {
  const conditions = [
    ...scopeConditions(named(scope, organizations), dimensionsOf(streams[stream])),
    timeCondition('time', [range]),
    ...madeRowsCondition(streams[stream]),
  ];
  return sql`FROM ${ident(stream)} WHERE ${join(conditions, sql` AND `)}`;
}

function madeRowsCondition({ madeRows }: StreamDeclaration): Sql[] {
  return madeRows === undefined ? [] : [sql`${ident(madeRows)} = 0`];
}

/** Only organizations that have an outside name. */
function named(scope: Scope, names: ReadonlyMap<OrganizationId, string>): Scope {
  const { organizations } = scope;
  const readable = organizations === 'all' ? [...names.keys()] : organizations.filter((id) => names.has(id));
  return { ...scope, organizations: readable };
}

interface WireField {
  readonly name: string;
  readonly forms: Forms;
}

function wireFields(stream: StreamDeclaration, organizations: ReadonlyMap<OrganizationId, string>): WireField[] {
  const ids = param.u32s([...organizations.keys()]);
  const names = param.strings([...organizations.values()]);
  const fields = stream.fields.flatMap((field): WireField[] => {
    if (field.derived !== undefined || field.name === 'time') return [];
    const column = stored(field.name);
    if (field.derivedFrom === undefined) return [{ name: field.name, forms: fieldForms(field, column) }];
    const own = sql`if(${stored(field.derivedFrom)} != '', '', ${column})`;
    return [{ name: field.name, forms: fieldForms(field, own) }];
  });
  return [
    { name: 'time', forms: instantForms(stored('time')) },
    { name: 'organization', forms: textForms(sql`transform(${stored('organization')}, ${ids}, ${names}, '')`) },
    { name: 'id', forms: textForms(stored('id')) },
    ...fields,
  ];
}

function selected(fields: readonly WireField[], format: ExportQuestion['format']): Sql {
  switch (format) {
    case 'csv':
      return join(fields.map(({ name, forms }) => sql`${forms.text} AS ${ident(name)}`));
    case 'parquet':
      return join(fields.map(({ name, forms }) => sql`${forms.typed} AS ${ident(name)}`));
    case 'ndjson':
      return sql`concat('{', ${join(fields.map(jsonMember))}, '}') AS line`;
  }
}

/** The first member, `time`, is always there, so the others bring their comma with them. */
function jsonMember({ name, forms: { json, absent } }: WireField, index: number): Sql {
  const member = sql`concat(${param.string(`${index === 0 ? '' : ','}"${name}":`)}, ${json})`;
  return absent === null ? member : sql`if(${absent}, '', ${member})`;
}

function stored(column: string): Sql {
  return ident(`stored_${column}`);
}
