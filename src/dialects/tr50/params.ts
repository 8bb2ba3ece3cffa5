import type { Problem } from '../../domain/problem.ts';

/**
 * Reads a command's parameters by name and strict type, and collects every fault instead of stopping at the first: a
 * reply may report several (contract 7). `null` counts as absent, names that are not asked for are ignored (5.1).
 */
export class Params {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #faults: Problem[] = [];

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** All faults found so far, in the order in which the parameters were read. */
  get faults(): readonly Problem[] {
    return this.#faults;
  }

  has(name: string): boolean {
    return this.#value(name) !== null;
  }

  text(name: string): string | null {
    const value = this.#value(name);
    if (value === null || typeof value === 'string') return value;
    this.refuse(name, 'has to be a string');
    return null;
  }

  /** False when absent. */
  flag(name: string): boolean {
    const value = this.#value(name) ?? false;
    if (typeof value === 'boolean') return value;
    this.refuse(name, 'has to be true or false');
    return false;
  }

  integer(name: string, min: number, max: number): number | null {
    const value = this.#value(name);
    if (value === null) return null;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    this.refuse(name, `has to be a whole number from ${min} to ${max}`);
    return null;
  }

  refuse(name: string, reason: string): void {
    this.#faults.push({ kind: 'invalid_field', field: fieldOf(name), reason });
  }

  miss(name: string): void {
    this.#faults.push({ kind: 'missing_field', field: fieldOf(name) });
  }

  forbid(needs: string): void {
    this.#faults.push({ kind: 'not_permitted', needs });
  }

  #value(name: string): unknown {
    // Own names only: a packet can neither take a value from a prototype nor put one there.
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? null) : null;
  }
}

function fieldOf(name: string): string {
  return `params.${name}`;
}
