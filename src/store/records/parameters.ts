import { RecordsError } from './records-error.ts';

/** What both engines' drivers take and store alike. */
export type Bindable = null | number | bigint | string | Uint8Array;

/**
 * The values of a statement in a form that both engines store alike. The drivers disagree about the rest: one refuses
 * booleans, one cuts text at U+0000, one stores NaN as null, one turns objects into JSON.
 */
export function bindable(parameters: readonly unknown[]): Bindable[] {
  return parameters.map((value) => {
    switch (typeof value) {
      case 'string':
        if (value.includes('\0')) throw new RecordsError('invalid_value', 'text must not contain U+0000');
        return value;
      case 'number':
        if (!Number.isFinite(value)) throw new RecordsError('invalid_value', `${value} cannot be stored`);
        return value;
      case 'bigint':
        return value;
      case 'boolean':
        return value ? 1 : 0;
      case 'undefined':
        return null;
      default:
        if (value === null || value instanceof Uint8Array) return value;
        throw new RecordsError('invalid_value', `${Object.prototype.toString.call(value)} cannot be stored`);
    }
  });
}
