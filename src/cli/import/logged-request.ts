import { streams } from '../../domain/streams/index.ts';

/** One request as an access log tells it, by the names of the fields of `requests`; absent values are left out. */
export interface LoggedRequest {
  readonly time: string;
  readonly service?: string;
  readonly ip?: string;
  readonly user?: string;
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  readonly bytes?: number;
  readonly cache?: string;
  readonly sdk?: string;
  readonly device?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly environment?: string;
  readonly thing?: string;
  readonly country?: string;
  readonly duration_ms?: number;
  readonly count?: number;
}

export type LoggedText =
  | 'service'
  | 'ip'
  | 'user'
  | 'method'
  | 'url'
  | 'cache'
  | 'sdk'
  | 'device'
  | 'stack'
  | 'project'
  | 'environment'
  | 'thing'
  | 'country';

export type LoggedLine =
  | { readonly ok: true; readonly request: LoggedRequest }
  | { readonly ok: false; readonly problem: string };

export function wrong(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

const MAX_LENGTHS: ReadonlyMap<string, number> = new Map(
  streams.requests.fields.flatMap(({ name, type }): [string, number][] =>
    type.kind === 'text' ? [[name, type.maxLength]] : [],
  ),
);

/** A text that is there, cut to what the field holds: a scanner's endless user agent must not cost the count. */
export function textField<Name extends LoggedText>(name: Name, text: string): { readonly [N in Name]?: string } {
  if (text === '' || text === '-') return {};
  const maxLength = MAX_LENGTHS.get(name) ?? 0;
  const value = text.length <= maxLength ? text : Array.from(text).slice(0, maxLength).join('');
  return { [name]: value } as { readonly [N in Name]?: string };
}

/** `Hit`, `RefreshHit`, `TCP_HIT`: HIT; the same for MISS; any other word stays. */
export function cacheOutcome(word: string): string {
  if (/hit$/i.test(word)) return 'HIT';
  return /miss$/i.test(word) ? 'MISS' : word;
}
