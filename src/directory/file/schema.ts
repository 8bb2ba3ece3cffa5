import Type, { type TSchema } from 'typebox';
import { REQUIRED } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { kindsUnder } from '../kinds/registry.ts';

/**
 * The form of an entry, with the lists of the kinds that stand in it. Keys that only a new entry has to give are
 * optional here: an entry may also name a stored one, to change a part of it or to say what stands in it.
 */
function entrySchema(kind: Kind): TSchema {
  const properties: Record<string, TSchema> = {};
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.schema === null) continue;
    if (kind.form === 'texts') return field.schema;
    const form = field.initial === REQUIRED ? field.schema : Type.Union([field.schema, Type.Null()]);
    properties[name] = Type.Optional(form);
  }
  Object.assign(properties, listSchemas(kind));
  return Type.Object(properties, { additionalProperties: false });
}

function listSchemas(parent: Kind | null): Record<string, TSchema> {
  return Object.fromEntries(
    kindsUnder(parent).map((kind) => {
      const entry = entrySchema(kind);
      return [kind.list, Type.Optional(kind.form === 'single' ? entry : Type.Array(entry))];
    }),
  );
}

let whole: TSchema | undefined;

/** The directory file (design 8). */
export function directoryFileSchema(): TSchema {
  whole ??= Type.Object(listSchemas(null), { additionalProperties: false });
  return whole;
}
