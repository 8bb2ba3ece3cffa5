import type { Measure, StreamDeclaration } from './declaration.ts';

/** What a question may group by and filter on. */
export interface Dimension {
  readonly name: string;
  readonly description: string;
  /** Absent values are stored as '' and 0, which no value that is there can be. */
  readonly type: { readonly kind: 'text' } | { readonly kind: 'integer'; readonly min: number; readonly max: number };
}

const ORGANIZATION: Dimension = {
  name: 'organization',
  description: 'The organization the row belongs to, as its internal number.',
  type: { kind: 'integer', min: 1, max: 4_294_967_295 },
};

/** The dimensions of a stream by name, in documentation order; `organization` is the first of every stream. */
export function dimensionsOf(stream: StreamDeclaration): ReadonlyMap<string, Dimension> {
  const known = cache.get(stream);
  if (known !== undefined) return known;
  const dimensions = new Map<string, Dimension>([[ORGANIZATION.name, ORGANIZATION]]);
  for (const { name, description, dimension, type } of stream.fields) {
    if (dimension === undefined) continue;
    if (type.kind === 'text') dimensions.set(name, { name, description, type: { kind: 'text' } });
    else if (type.kind === 'integer' && type.nullable === undefined && type.min > 0) {
      dimensions.set(name, { name, description, type: { kind: 'integer', min: type.min, max: type.max } });
    } else throw new TypeError(`${stream.name}.${name} cannot be a dimension: its absence would look like a value`);
  }
  cache.set(stream, dimensions);
  return dimensions;
}

const cache = new WeakMap<StreamDeclaration, ReadonlyMap<string, Dimension>>();

export function measureOf(stream: StreamDeclaration, name: string): Measure | undefined {
  return stream.measures.find((measure) => measure.name === name);
}
