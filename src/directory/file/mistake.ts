import type { Problem } from '../../domain/problem.ts';

/** One thing that is wrong with a directory file. All of them are told at once, and none of the file is applied. */
export interface Mistake {
  readonly kind: 'malformed' | 'unknown_key' | 'missing' | 'invalid' | 'conflict';
  /** Where in the file: keys and list positions. */
  readonly at: Path;
  readonly reason: string;
  /** Line of the file, from 1; null where it is not known (JSON, a single entry through the API). */
  readonly line: number | null;
}

export type Path = readonly (string | number)[];

/** More than these are not collected; the file is then too wrong for a list to help. */
const MOST_MISTAKES = 100;

/** Where mistakes are gathered while a file is gone through. */
export class Mistakes {
  readonly #list: Mistake[] = [];
  readonly #lineOf: (at: Path) => number | null;

  constructor(lineOf: (at: Path) => number | null = () => null) {
    this.#lineOf = lineOf;
  }

  add(kind: Mistake['kind'], at: Path, reason: string): void {
    if (this.#list.length < MOST_MISTAKES) this.#list.push({ kind, at, reason, line: this.#lineOf(at) });
  }

  get list(): readonly Mistake[] {
    return this.#list;
  }

  get any(): boolean {
    return this.#list.length > 0;
  }
}

/** `organizations[0].products[1].plans[0].limits[0].metric` */
export function pathText(at: Path): string {
  return at.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^\w+$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** `organizations[0].products[1].plans[0].limits[0].metric: unknown metric "hit" (line 31)` */
export function mistakeText({ at, reason, line }: Mistake): string {
  const where = at.length === 0 ? '' : `${pathText(at)}: `;
  return `${where}${reason}${line === null ? '' : ` (line ${line})`}`;
}

/** The mistake as a failure of a request; `field` is the path. */
export function mistakeProblem({ kind, at, reason }: Mistake): Problem {
  const field = pathText(at);
  switch (kind) {
    case 'malformed':
      return { kind: 'malformed_body', reason };
    case 'unknown_key':
      return { kind: 'unknown_field', field };
    case 'missing':
      return { kind: 'missing_field', field };
    case 'invalid':
      return { kind: 'invalid_field', field, reason };
    case 'conflict':
      return { kind: 'conflict', what: field, reason };
  }
}
