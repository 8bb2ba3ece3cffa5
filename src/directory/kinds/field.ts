import Type, { type TSchema } from 'typebox';
import { epochMs } from '../../domain/time/instant.ts';
import { formatRfc3339Utc, parseRfc3339 } from '../../domain/time/rfc3339.ts';
import { parseZone } from '../../domain/time/zones.ts';
import { emailKey } from '../../store/records/schema/users.ts';

/** What a column holds. */
export type Stored = string | number | null;

/** A value of the directory file after it was checked: of the form its schema describes, and not null. */
export type Given = string | number | boolean | readonly string[] | readonly Readonly<Record<string, unknown>>[];

/** The text of a value whose schema says that it is one. */
export function givenText(given: Given | null | undefined): string {
  if (typeof given !== 'string') throw new Error(`${JSON.stringify(given)} was checked to be text`);
  return given;
}

/** What the default of a field may look at. */
export interface NewEntry {
  /** The value of a column of this entry: given, or set by a field declared further up. */
  column(name: string): Stored;
  /** The value of a column of the entry it stands in, or of the one that a reference names. */
  ancestor(kind: string, column: string): Stored;
  referred(field: string, column: string): Stored;
  /** When the entry is made, in milliseconds. */
  readonly now: number;
  /** The next free number of this kind in its organization. */
  nextNumber(): number;
  /** `wanted`, or with random characters behind it when another entry has it already. */
  untaken(column: string, wanted: string): string;
}

/** A new entry has to give the field; a stored one keeps its value when the file does not name it. */
export const REQUIRED = Symbol('required');
export type Initial = Stored | typeof REQUIRED | ((entry: NewEntry) => Stored);

interface Common {
  /** Form of the value in the file; null where the field is never written there. */
  readonly schema: TSchema | null;
  readonly column: string;
  /** Whether `null` means "none". Otherwise `null` is the same as leaving the key out. */
  readonly nullable: boolean;
  readonly initial: Initial;
}

/** A value kept as it is. */
export interface ValueField extends Common {
  readonly is: 'value';
  readonly toColumn: (value: Given) => Stored;
  readonly fromColumn: (stored: Stored) => unknown;
  /** A second column made from the same value. */
  readonly companion: { readonly column: string; readonly toColumn: (value: Given) => Stored } | null;
}

/**
 * A random text: `digest` is the column of its digest, for look-up, `sealed` that of the text itself, encrypted, when it
 * has to be shown again. `column` is the first of the two that there is.
 */
export interface SecretField extends Common {
  readonly is: 'secret';
  readonly digest: string | null;
  readonly sealed: string | null;
  /** Column for the first characters, by which people tell secrets apart. */
  readonly prefix: string | null;
}

/** A person's password: argon2id, compared by verifying. */
export interface PasswordField extends Common {
  readonly is: 'password';
}

/** Names another entry; the column holds that entry's key. */
export interface ReferenceField extends Common {
  readonly is: 'reference';
  /** Kinds of the target; they share a table. */
  readonly to: readonly string[];
  /** Columns of the target that the text may be found in, in the form `normal` gives it. */
  readonly by: readonly string[];
  readonly normal: (text: string) => string;
  /** What the target has to agree with, by its column: the key of an entry this one stands in, or one of its columns. */
  readonly within: Readonly<Record<string, Place>>;
  /** Set when all entries of the kind are stored, because it may name one that comes later. */
  readonly deferred: boolean;
}

export type Place = { readonly ancestor: string } | { readonly column: string };

export type Field = ValueField | SecretField | PasswordField | ReferenceField;

interface Options {
  readonly initial: Initial;
  readonly nullable?: boolean;
}

/**
 * Text of 1 to `max` characters. Mistakes are told in the words of `accepts`; `format` names a check that a pattern
 * cannot do (`file/formats.ts`).
 */
export function textSchema(
  options: { max?: number; pattern?: RegExp; accepts?: string; format?: string } = {},
): TSchema {
  const { max = 255, pattern, accepts, format } = options;
  return Type.String({
    minLength: 1,
    maxLength: max,
    ...(pattern === undefined ? {} : { pattern: pattern.source }),
    ...(accepts === undefined ? {} : { accepts }),
    ...(format === undefined ? {} : { format }),
  });
}

/** A value with any schema; `codec` where the column's form differs from the file's. */
export function value(
  column: string,
  schema: TSchema | null,
  options: Options,
  codec: Partial<Pick<ValueField, 'toColumn' | 'fromColumn' | 'companion'>> = {},
): ValueField {
  return {
    is: 'value',
    column,
    schema,
    nullable: options.nullable ?? false,
    initial: options.initial,
    toColumn: (given) => given as Stored,
    fromColumn: (stored) => stored,
    companion: null,
    ...codec,
  };
}

export function text(column: string, options: Options & Parameters<typeof textSchema>[0]): ValueField {
  return value(column, textSchema(options), options);
}

/** Text that may be empty: names of people, and with more than a line's length descriptions. */
export function prose(column: string, max = 255): ValueField {
  return value(column, Type.String({ maxLength: max, multiline: max > 255 }), { initial: null, nullable: true });
}

export function choice(column: string, choices: readonly string[], initial: Initial): ValueField {
  return value(column, Type.Enum([...choices]), { initial });
}

export function flag(column: string, initial: boolean): ValueField {
  return value(
    column,
    Type.Boolean(),
    { initial: initial ? 1 : 0 },
    {
      toColumn: (given) => (given === true ? 1 : 0),
      fromColumn: (stored) => stored === 1,
    },
  );
}

export function whole(column: string, options: Options & { min: number; max?: number }): ValueField {
  const { min, max = Number.MAX_SAFE_INTEGER } = options;
  return value(column, Type.Integer({ minimum: min, maximum: max }), options);
}

/** The integer ids of 3scale's objects: given, or the next free one of the organization. */
export function numberedId(): ValueField {
  return whole('id', { min: 1, initial: (entry) => entry.nextNumber() });
}

export function amount(column: string): ValueField {
  return value(column, Type.Number({ minimum: 0, maximum: 1e12 }), { initial: 0 });
}

export function instant(column: string, options: Options): ValueField {
  return value(column, textSchema({ format: 'instant', max: 64 }), options, {
    toColumn: (given) => parseRfc3339(givenText(given)),
    fromColumn: (stored) => (stored === null ? null : formatRfc3339Utc(epochMs(Number(stored)))),
  });
}

export function zone(column: string, options: Options): ValueField {
  return value(column, textSchema({ format: 'zone', max: 64 }), options, {
    toColumn: (given) => parseZone(givenText(given)),
  });
}

/** A list out of a few names, kept as JSON text in the order of `choices`. */
export function choices(column: string, names: readonly string[], initial: Initial): ValueField {
  const schema = Type.Array(Type.Enum([...names]), { minItems: 1, maxItems: 32 });
  return value(
    column,
    schema,
    { initial },
    {
      toColumn: (given) => JSON.stringify(names.filter((name) => (given as readonly string[]).includes(name))),
      fromColumn: (stored) => JSON.parse(String(stored)) as unknown,
    },
  );
}

/** A secret that is looked up by its digest. */
export function secret(
  column: string,
  options: Options & { schema: TSchema | null; sealed?: string; prefix?: string },
): SecretField {
  const { schema, initial, sealed = null, prefix = null, nullable = false } = options;
  return { is: 'secret', column, digest: column, sealed, prefix, schema, initial, nullable };
}

/** A secret that is only shown or used, never looked up. */
export function sealedSecret(column: string, options: Options & { schema: TSchema | null }): SecretField {
  const { schema, initial, nullable = false } = options;
  return { is: 'secret', column, digest: null, sealed: column, prefix: null, schema, initial, nullable };
}

export function password(column: string, schema: TSchema, initial: Initial): PasswordField {
  return { is: 'password', column, schema, initial, nullable: false };
}

export function reference(
  column: string,
  target: {
    to: readonly string[];
    by: readonly string[];
    within?: Readonly<Record<string, Place>>;
    normal?: (text: string) => string;
  },
  options: Options & { deferred?: boolean } = { initial: REQUIRED },
): ReferenceField {
  const { initial, nullable = false, deferred = false } = options;
  const { to, by, within = {}, normal = (name) => name } = target;
  return { is: 'reference', column, to, by, within, normal, deferred, schema: textSchema(), initial, nullable };
}

/** A person, by e-mail address. */
export function userReference(column: string): ReferenceField {
  return reference(column, { to: ['user'], by: ['email_key'], normal: emailKey });
}
