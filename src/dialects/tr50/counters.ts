/** Calls of one service, at the positions where there were any. */
interface Line {
  readonly positions: number[];
  readonly counts: (number | bigint)[];
}

type Services = Map<string, Line>;

/**
 * The counters of a usage answer (contract 5.5, 5.6): sparse while they are gathered, zero-filled while they are
 * written, so that five thousand organizations over five thousand hours need room for their calls only.
 */
export class Counters {
  readonly #groups = new Map<string, Services>();
  #total: number | bigint = 0;

  /** Sum of every number in the counters. */
  get total(): number | bigint {
    return this.#total;
  }

  /**
   * @param group organization's key, or '' when the counters are not grouped
   * @param position index into `ts`; of one service in ascending order
   */
  add(group: string, service: string, position: number, count: number | bigint): void {
    let services = this.#groups.get(group);
    if (services === undefined) this.#groups.set(group, (services = new Map()));
    let line = services.get(service);
    if (line === undefined) services.set(service, (line = { positions: [], counts: [] }));
    line.positions.push(position);
    line.counts.push(count);
    this.#total = sum(this.#total, count);
  }

  /** `{"thing":[3,0,2],…}` in pieces, or with `grouped` one level more; keys in ascending byte order. */
  *json(length: number, grouped: boolean): Generator<string> {
    if (grouped) yield* objectOf(this.#groups, (services) => servicesJson(services, length));
    else yield* servicesJson(this.#groups.get('') ?? new Map(), length);
  }
}

function servicesJson(services: Services, length: number): Generator<string> {
  return objectOf(services, (line) => [lineJson(line, length)]);
}

/** Written by hand, for an object would move number-like keys to the front and lose `__proto__`. */
function* objectOf<T>(members: ReadonlyMap<string, T>, json: (member: T) => Iterable<string>): Generator<string> {
  let before = '{';
  for (const [key, member] of [...members].sort(([a], [b]) => compareBytes(a, b))) {
    yield `${before}${JSON.stringify(key)}:`;
    yield* json(member);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function lineJson({ positions, counts }: Line, length: number): string {
  let text = '[';
  let next = 0;
  for (const [index, position] of positions.entries()) {
    text += `${'0,'.repeat(position - next)}${String(counts[index])},`;
    next = position + 1;
  }
  text += '0,'.repeat(length - next);
  return `${text.slice(0, -1)}]`;
}

/** Order of the texts' UTF-8 bytes; that of JavaScript differs beyond U+FFFF. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Exact beyond 2^53, too. */
function sum(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const both = a + b;
    if (Number.isSafeInteger(both)) return both;
  }
  return BigInt(a) + BigInt(b);
}
