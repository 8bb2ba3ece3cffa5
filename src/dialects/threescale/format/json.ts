/** A number that is written with a fraction even when it has none. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | Float
  | readonly Json[]
  | { readonly [name: string]: Json };

/** JSON text in which integers of any size are exact and fractions stay fractions: `200.0`. */
export function jsonText(value: Json): string {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Float) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, each]) => `${JSON.stringify(name)}:${jsonText(each)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}
