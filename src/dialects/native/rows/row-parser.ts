import type { Problem } from '../../../domain/problem.ts';
import type { OrganizationId } from '../../../domain/scope.ts';
import type { StreamName } from '../../../domain/streams/index.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { Entry } from '../../../ingest/batch.ts';
import { factOfRow, type Fact } from '../../../ingest/fact.ts';
import type { UsageConsequences } from '../../../metering/row-usage.ts';
import {
  invalid,
  readFlatObject,
  readId,
  readInteger,
  readNumber,
  readText,
  readTime,
  type FieldValue,
} from './field-value.ts';
import { checkReferences, type References, type RowValues } from './references.ts';
import { rowPlan, type FieldPlan } from './row-plan.ts';

/** A row that was understood, or what is wrong with it. */
export type ParsedRow = Entry | Problem;

export function isProblem(row: ParsedRow): row is Problem {
  return 'kind' in row;
}

/**
 * Reads rows of one stream as JSON.parse gives them (design 7). Made once per stream; reading takes a few
 * microseconds, because everything a single request waits for passes here.
 *
 * - The first mistake is reported, in the order of the row's own members, missing fields after them.
 * - `null` and an empty text stand for an absent value.
 * - Members that are no field of the stream are refused by name, `__proto__` too.
 *
 * @param references what rows of this request may name
 */
export function rowParser(stream: StreamName): (row: unknown, references: References) => ParsedRow {
  const plan = rowPlan(stream);

  return (row, references) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      return { kind: 'malformed_body', reason: 'a row has to be a JSON object' };
    }
    const given = row as Record<string, unknown>;
    // The row as it will be stored, in one piece from the beginning.
    const values: RowValues = { organization: references.own, id: '', time: 0 };
    let time: EpochMs | undefined;
    let id = '';
    let organization: OrganizationId = references.own;
    // JSON has no members but an object's own.
    for (const name in given) {
      const field = plan.fields.get(name);
      if (field === undefined) return { kind: 'unknown_field', field: name };
      const value = given[name];
      if (value === null || value === undefined) continue;
      if (field.reads === 'time') {
        const read = readTime(value);
        if (typeof read === 'object') return read;
        time = read;
      } else if (field.reads === 'id') {
        const read = readId(field, value);
        if (typeof read === 'object') return read;
        id = read;
      } else if (field.reads === 'organization') {
        const read = readOrganization(value, references);
        if (typeof read === 'object') return read;
        organization = read;
      } else {
        const read = readValue(field, value);
        if (typeof read === 'object') return read;
        if (read !== undefined) values[name] = read;
      }
    }
    if (time === undefined) return { kind: 'missing_field', field: 'time' };
    for (const name of plan.required) {
      if (values[name] === undefined) return { kind: 'missing_field', field: name };
    }
    const follows = checkReferences(stream, values, organization, references, time);
    if ('kind' in follows) return follows;

    values['organization'] = organization;
    values['id'] = id;
    values['time'] = time;
    const entry = entryOf(stream, organization, factOfRow(stream, values), follows);
    // Without an id the row is counted each time it comes.
    if (id === '') return entry;
    return {
      ...entry,
      claim: `row ${organization} ${stream} ${countedWithin(stream, values)}${id}`,
    };
  };
}

function entryOf(
  stream: StreamName,
  organization: OrganizationId,
  row: Fact,
  { facts, steps }: UsageConsequences,
): Entry {
  if (steps.length === 0) return { organization, stream, facts: facts.length === 0 ? [row] : [row, ...facts] };
  return { organization, stream, facts: [row, ...facts], steps };
}

/**
 * Sensors of different arrays may number their visits alike: a visit's id is stored once per array
 * (scanalytics.md 8), where the design says once per stream. NUL keeps array and id apart.
 */
function countedWithin(stream: StreamName, values: RowValues): string {
  return stream === 'visits' ? `${String(values['array'])}\u0000` : '';
}

function readValue(field: FieldPlan, value: unknown): FieldValue {
  switch (field.reads) {
    case 'text':
      return readText(field, value);
    case 'integer':
      return readInteger(field, value);
    case 'number':
      return readNumber(field, value);
    default:
      return readFlatObject(field, value);
  }
}

function readOrganization(value: unknown, references: References): OrganizationId | Problem {
  const name = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof name !== 'string') return invalid('organization', 'has to be the uid or key of an organization');
  if (name === '') return references.own;
  // What the key does not cover looks like what does not exist.
  return references.organization(name) ?? invalid('organization', 'is none of the organizations that the key covers');
}
