/** Different keys that are remembered for certain. */
const REMEMBERED_KEYS = 1_048_576;

/**
 * Counts how often a key came, in memory that does not grow: a key is forgotten once a million or more other keys came
 * after it, and never before. Lines of a log that are equal carry the same time and stand close together.
 *
 * Two tables take turns: when the current one is full it becomes the earlier one and the earlier one is dropped.
 */
export class OccurrenceCounter {
  #current: CountTable;
  #earlier: CountTable | null = null;
  readonly #keys: number;

  constructor(keys = REMEMBERED_KEYS) {
    this.#keys = keys;
    this.#current = new CountTable(keys);
  }

  /** @param key at least 8 bytes, evenly spread; @returns 1 for a key that is new */
  count(key: Buffer): number {
    const high = key.readUInt32LE(0);
    const low = key.readUInt32LE(4);
    const known = this.#current.get(high, low);
    const count = (known === 0 ? (this.#earlier?.get(high, low) ?? 0) : known) + 1;
    if (known === 0 && this.#current.size === this.#keys) {
      this.#earlier = this.#current;
      this.#current = new CountTable(this.#keys);
    }
    this.#current.set(high, low, count);
    return count;
  }
}

/** A hash table with open addressing over flat arrays: 12 bytes a slot, where a Map would take a hundred. */
class CountTable {
  size = 0;
  readonly #mask: number;
  readonly #high: Uint32Array;
  readonly #low: Uint32Array;
  /** 0 marks a free slot. */
  readonly #counts: Uint32Array;

  constructor(keys: number) {
    const slots = 2 ** Math.ceil(Math.log2(keys * 2));
    this.#mask = slots - 1;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#counts = new Uint32Array(slots);
  }

  get(high: number, low: number): number {
    return this.#counts[this.#slot(high, low)] ?? 0;
  }

  set(high: number, low: number, count: number): void {
    const slot = this.#slot(high, low);
    if (this.#counts[slot] === 0) {
      this.size += 1;
      this.#high[slot] = high;
      this.#low[slot] = low;
    }
    this.#counts[slot] = count;
  }

  /** The key's slot, or the free one where it would go. */
  #slot(high: number, low: number): number {
    let slot = low & this.#mask;
    while (this.#counts[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }
}
