import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);
/** What a server says about when to come back is followed up to this. */
const LONGEST_RETRY_AFTER_MS = 60_000;

export interface Address {
  readonly url: string;
  readonly key: string;
}

export type Outcome =
  | {
      readonly kind: 'answered';
      readonly accepted: number;
      readonly duplicate: number;
      readonly rejected: number;
      /** Of the first rejected row, in words. */
      readonly problem: string | null;
    }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'later'; readonly problem: string; readonly retryAfterMs: number };

/** Sends rows once and says what became of them; never rejects. */
export async function deliver(rows: readonly string[], { url, key }: Address, signal: AbortSignal): Promise<Outcome> {
  try {
    const response = await fetch(`${url}/api/v1/facts/requests`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
      },
      body: await compress(`${rows.join('\n')}\n`, { level: 1 }),
      redirect: 'manual',
      signal,
    });
    return await outcomeOf(response);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'later', problem: cause instanceof Error ? cause.message : String(cause), retryAfterMs: 0 };
  }
}

async function outcomeOf(response: Response): Promise<Outcome> {
  const { status } = response;
  const body = objectIn(await response.text());
  if (status === 413) return { kind: 'too-large' };
  if (status === 200 || status === 422) {
    const { accepted, duplicate, rejected } = body;
    if (typeof accepted === 'number' && typeof duplicate === 'number' && Array.isArray(rejected)) {
      const first = rejected[0] as { field?: string; problem?: string } | undefined;
      const problem = first === undefined ? null : `${first.field ?? 'row'}: ${first.problem ?? 'unknown'}`;
      return { kind: 'answered', accepted, duplicate, rejected: rejected.length, problem };
    }
  }
  // Also a wrong key or address: somebody may put it right while the rows wait.
  const detail = typeof body['detail'] === 'string' ? `: ${body['detail']}` : '';
  return { kind: 'later', problem: `it answers ${status}${detail}`, retryAfterMs: retryAfter(response) };
}

function retryAfter(response: Response): number {
  const header = response.headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(header) ? Math.min(Number(header) * 1000, LONGEST_RETRY_AFTER_MS) : 0;
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
