import { FactsError } from './facts-error.ts';

/** Where the facts are, taken from `TALLYHOUSE_FACTS`. */
export type FactsAddress =
  | { readonly kind: 'embedded'; readonly path: string }
  | {
      readonly kind: 'served';
      /** Without user, password, database and options. */
      readonly url: string;
      readonly username: string;
      readonly password: string;
      readonly database: string;
      readonly cluster: string | null;
    };

/** Name of the database when the URL has none, and of the embedded one. */
export const DEFAULT_DATABASE = 'tallyhouse';
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Reads `chdb:PATH` or `http(s)://user:pass@host:8123/database?cluster=NAME`; throws a `FactsError` that says what is wrong. */
export function parseFactsUrl(text: string): FactsAddress {
  const path = /^chdb:(?:\/\/(?=\/))?(.+)$/s.exec(text)?.[1];
  if (path !== undefined) return { kind: 'embedded', path };
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) {
    throw wrong('the facts store is given as chdb:DIRECTORY or http(s)://user:password@host:8123/database');
  }
  const url = new URL(text);
  const database = decodeURIComponent(url.pathname.replace(/^\/|\/$/g, '')) || DEFAULT_DATABASE;
  if (!NAME.test(database)) throw wrong(`the facts store's database is a plain name, not ${JSON.stringify(database)}`);
  const options = new Map(url.searchParams);
  const cluster = options.get('cluster') ?? null;
  if (cluster !== null && !NAME.test(cluster)) {
    throw wrong(`the facts store's cluster is a plain name, not ${JSON.stringify(cluster)}`);
  }
  options.delete('cluster');
  const [unknown] = options.keys();
  if (unknown !== undefined)
    throw wrong(`the facts store's URL knows the option cluster, not ${JSON.stringify(unknown)}`);
  return {
    kind: 'served',
    url: url.origin,
    username: decodeURIComponent(url.username) || 'default',
    password: decodeURIComponent(url.password),
    database,
    cluster,
  };
}

function wrong(message: string): FactsError {
  return new FactsError('rejected', message);
}
