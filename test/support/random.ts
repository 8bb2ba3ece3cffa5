import { Random as Numbers } from '../../src/cli/demo/random.ts';

/** Repeatable choices for tests that throw things at a server: the same ones for the same seed. */
export class Random {
  readonly #numbers: Numbers;

  constructor(seed: number) {
    this.#numbers = new Numbers(seed);
  }

  /** From 0 up to and without 1. */
  next(): number {
    return this.#numbers.next();
  }

  /** From 0 up to and without `below`. */
  below(below: number): number {
    return this.#numbers.below(below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
