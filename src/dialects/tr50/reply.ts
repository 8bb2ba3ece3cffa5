import type { WireError } from './problems.ts';

/**
 * What became of one command. `params` is JSON text in pieces, made while it is sent, because the counters of a large
 * instance do not fit into memory; null when the command returns nothing.
 */
export type Outcome =
  | { readonly ok: true; readonly params: Iterable<string> | null }
  | { readonly ok: false; readonly errors: readonly WireError[] };

export function success(params: object | null = null): Outcome {
  return { ok: true, params: params === null ? null : [JSON.stringify(params)] };
}

export function failure(...errors: readonly WireError[]): Outcome {
  return { ok: false, errors };
}

/** The refusal of a whole packet: the three keys of a failure at top level (contract 2.2). */
export function refusalText(errors: readonly WireError[]): string {
  return JSON.stringify({
    success: false,
    errorCodes: errors.map(({ code }) => code),
    errorMessages: errors.map(({ message }) => message),
  });
}

/**
 * The reply to an executed packet, in pieces. Written by hand from the pairs: an object would lose the id `__proto__`
 * and could not hold back the pieces of a large answer.
 */
export function* replyText(outcomes: Iterable<readonly [id: string, outcome: Outcome]>): Generator<string> {
  let before = '{';
  for (const [id, outcome] of outcomes) {
    yield `${before}${JSON.stringify(id)}:`;
    yield* outcomeText(outcome);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function* outcomeText(outcome: Outcome): Generator<string> {
  if (!outcome.ok) yield refusalText(outcome.errors);
  else if (outcome.params === null) yield '{"success":true}';
  else {
    yield '{"success":true,"params":';
    yield* outcome.params;
    yield '}';
  }
}
