import type { TSchema } from 'typebox';
import Type from 'typebox';
import { REQUIRED } from '../kinds/field.ts';
import type { Kind } from '../kinds/kind.ts';
import { kindNamed, KINDS } from '../kinds/registry.ts';

/** One kind of entry, as something that can be listed, read, written and removed by itself. */
export interface DirectoryResource {
  readonly kind: Kind;
  /** The kinds around it, outermost first, and itself. */
  readonly path: readonly Kind[];
  /** `organizations.accounts.applications`: the lists of the file that lead to it. */
  readonly name: string;
  /** What is written: the fields of the file without what stands in the entry. A text is the only field of its entry. */
  readonly schema: TSchema;
  /** What is shown: the same without secrets. */
  readonly shown: TSchema;
}

/** Every kind of the directory, in the order of the file. */
export const RESOURCES: readonly DirectoryResource[] = KINDS.map((kind) => {
  const path = pathOf(kind);
  return {
    kind,
    path,
    name: path.map((one) => one.list).join('.'),
    schema: writtenSchema(kind),
    shown: shownSchema(kind),
  };
});

function pathOf(kind: Kind): Kind[] {
  return kind.under === null ? [kind] : [...pathOf(kindNamed(kind.under)), kind];
}

function writtenSchema(kind: Kind): TSchema {
  const properties: Record<string, TSchema> = {};
  for (const [name, field] of Object.entries(kind.fields)) {
    if (field.schema === null) continue;
    properties[name] = Type.Optional(
      field.initial === REQUIRED ? field.schema : Type.Union([field.schema, Type.Null()]),
    );
  }
  return Type.Object(properties, { additionalProperties: false });
}

function shownSchema(kind: Kind): TSchema {
  const properties: Record<string, TSchema> = {};
  for (const [name, field] of Object.entries(kind.fields)) {
    const isShown =
      field.schema !== null && (field.is === 'value' || field.is === 'reference') && name !== 'password_hash';
    if (isShown && field.schema !== null) properties[name] = Type.Union([field.schema, Type.Null()]);
  }
  return Type.Object(properties);
}
