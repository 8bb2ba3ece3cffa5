import type { Field } from '../../domain/streams/index.ts';
import { sql, type Sql } from '../../store/facts/sql.ts';

/** One stored value as the export formats want it. */
export interface Forms {
  /** For CSV; '' when absent. */
  readonly text: Sql;
  /** For Parquet; null when absent. */
  readonly typed: Sql;
  /** JSON text; only looked at when not absent. */
  readonly json: Sql;
  /** Condition; null when the value is always there. */
  readonly absent: Sql | null;
}

/** @param column the stored value, '' or 0 or null for an absent one as the declaration says */
export function fieldForms({ type, required }: Field, column: Sql): Forms {
  switch (type.kind) {
    case 'time':
      return instantForms(column);
    case 'text':
      return textForms(column);
    case 'json':
      return { ...textForms(column), json: column };
    case 'integer':
    case 'number':
      if (type.nullable !== undefined) return numberForms(column, sql`${column} IS NULL`, column);
      if (type.default !== undefined || required !== undefined) return numberForms(column, null, column);
      return numberForms(column, sql`${column} = 0`, sql`nullIf(${column}, 0)`);
  }
}

/** Milliseconds of UTC: `2025-06-02T08:00:00.000Z`. */
export function instantForms(column: Sql): Forms {
  const text = sql`concat(replaceOne(toString(${column}), ' ', 'T'), 'Z')`;
  return { text, typed: column, json: sql`concat('"', ${text}, '"')`, absent: null };
}

export function textForms(column: Sql): Forms {
  return {
    text: column,
    typed: sql`nullIf(${column}, '')`,
    json: sql`toJSONString(${column})`,
    absent: sql`${column} = ''`,
  };
}

/** `toString` of a fraction is its shortest exact form, and JSON. */
function numberForms(column: Sql, absent: Sql | null, typed: Sql): Forms {
  const json = sql`ifNull(toString(${column}), '')`;
  return { text: absent === null ? column : sql`if(${absent}, '', ${json})`, typed, json, absent };
}
