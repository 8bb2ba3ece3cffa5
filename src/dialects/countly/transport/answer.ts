import type { Problem } from '../../../domain/problem.ts';
import { refusalOf, type Refusal } from '../problems.ts';

/** What an endpoint answers. */
export interface Answer {
  /** 200 when absent. */
  readonly status?: number;
  /** Sent as JSON, or as it is when `plain` says so. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body is text and travels bare (`/api-key`). */
  readonly plain?: true;
}

/** `{"result":"<text>"}` (contract 1.7). */
export function message(result: string, status = 200): Answer {
  return { status, body: { result } };
}

export function refusal({ status, result, headers }: Refusal): Answer {
  return { status, body: { result }, ...(headers === undefined ? {} : { headers }) };
}

export function problemAnswer(problem: Problem): Answer {
  return refusal(refusalOf(problem));
}
