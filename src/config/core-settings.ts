import { parseRfc3339 } from '../domain/time/rfc3339.ts';
import type { EpochMs, ZoneId } from '../domain/time/instant.ts';
import { parseZone } from '../domain/time/zones.ts';
import {
  bytesSetting,
  choiceSetting,
  integerSetting,
  setting,
  switchSetting,
  textSetting,
  type Setting,
} from './setting.ts';
import { signOnSettings } from './sign-on-settings.ts';

/** Which dialects are served and under which host names; `'all'` serves every dialect on every host. */
export type DialectSelection = 'all' | ReadonlyMap<string, { readonly hosts: readonly string[] }>;

/** The settings of the program itself. A dialect declares its own beside its code (`Dialect.settings`). */
export const coreSettings = {
  host: textSetting({
    variable: 'TALLYHOUSE_HOST',
    description: 'Address to listen on; 0.0.0.0 or :: for every interface.',
    default: '127.0.0.1',
  }),
  port: integerSetting({
    variable: 'TALLYHOUSE_PORT',
    description: 'Port to listen on; 0 takes a free one, which is printed.',
    min: 0,
    max: 65_535,
    default: 4000,
  }),
  dataDirectory: textSetting({
    variable: 'TALLYHOUSE_DATA',
    description: 'Directory of the embedded stores and of the key file.',
    default: './data',
  }),
  facts: urlSetting({
    variable: 'TALLYHOUSE_FACTS',
    description: 'Where facts are kept. Unset: chdb:$TALLYHOUSE_DATA/facts.',
    accepts: 'chdb:DIRECTORY or http(s)://user:password@host:8123/database, with ?cluster=NAME for a cluster',
    pattern: /^(chdb:.+|https?:\/\/.+)$/,
  }),
  records: urlSetting({
    variable: 'TALLYHOUSE_RECORDS',
    description: 'Where records are kept. Unset: sqlite:$TALLYHOUSE_DATA/records.db.',
    accepts: 'sqlite:FILE or postgres://user:password@host:5432/database',
    pattern: /^(sqlite:.+|postgres(ql)?:\/\/.+)$/,
  }),
  redis: urlSetting({
    variable: 'TALLYHOUSE_REDIS',
    description: 'Shares rate limits between nodes. Unset: limits are counted by each node for itself.',
    accepts: 'redis://host:6379 or rediss://host:6379',
    pattern: /^rediss?:\/\/.+$/,
  }),
  tlsCert: textSetting({
    variable: 'TALLYHOUSE_TLS_CERT',
    description: 'File with the certificate chain (PEM). With TALLYHOUSE_TLS_KEY the server speaks https itself.',
    default: undefined,
  }),
  tlsKey: textSetting({
    variable: 'TALLYHOUSE_TLS_KEY',
    description: 'File with the private key (PEM).',
    default: undefined,
  }),
  logLevel: choiceSetting({
    variable: 'TALLYHOUSE_LOG',
    description: 'Level of the log on stdout, JSON lines.',
    choices: ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'],
    default: 'info',
  }),
  secret: setting<string | undefined>({
    variable: 'TALLYHOUSE_SECRET',
    description: 'Encrypts the few secrets that must be shown again. Unset: a key file (0600) in the data directory.',
    accepts: 'at least 16 characters',
    default: undefined,
    parse: (text) => (text.length >= 16 ? text : undefined),
  }),
  zone: setting<ZoneId>({
    variable: 'TALLYHOUSE_ZONE',
    description: 'Time zone of organizations that have none of their own.',
    accepts: 'an IANA time zone, e.g. Europe/Berlin',
    default: 'UTC',
    parse: (text): ZoneId | undefined => parseZone(text) ?? undefined,
  }),
  dialects: setting<DialectSelection>({
    variable: 'TALLYHOUSE_DIALECTS',
    description: 'Dialects that are served, each on every host name or on the named ones only.',
    accepts: 'all, or a comma list of name or name@host, e.g. native,tr50@iot.example.org',
    default: 'all',
    parse: parseDialectSelection,
  }),
  outboxBytes: bytesSetting({
    variable: 'TALLYHOUSE_OUTBOX_BYTES',
    description: 'Disk that acknowledged rows may take while the facts store is away; beyond it writes are put off.',
    default: '2G',
  }),
  bodyBytes: bytesSetting({
    variable: 'TALLYHOUSE_BODY_BYTES',
    description: 'Largest request body of the native API, after decompression.',
    default: '64M',
  }),
  queryMemoryBytes: bytesSetting({
    variable: 'TALLYHOUSE_QUERY_MEMORY',
    description: 'Memory one question may take in the facts store.',
    default: '1G',
  }),
  querySeconds: integerSetting({
    variable: 'TALLYHOUSE_QUERY_SECONDS',
    description: 'Time one question may take in the facts store, in seconds.',
    min: 1,
    max: 3600,
    default: 30,
  }),
  concurrentQueries: integerSetting({
    variable: 'TALLYHOUSE_CONCURRENT_QUERIES',
    description: 'Questions asked of the facts store at the same time; more wait.',
    min: 1,
    max: 64,
    default: 2,
  }),
  trustProxy: switchSetting({
    variable: 'TALLYHOUSE_TRUST_PROXY',
    description: 'Take the caller’s address from X-Forwarded-For; only behind a proxy that sets it.',
    default: false,
  }),
  jobsPerOrganization: integerSetting({
    variable: 'TALLYHOUSE_JOBS_ACTIVE',
    description: 'Jobs of an organization that may wait or run at the same time; more are put off.',
    min: 1,
    max: 100_000,
    default: 100,
  }),
  jobBytes: bytesSetting({
    variable: 'TALLYHOUSE_JOB_BYTES',
    description: 'Disk that the jobs of an organization and their results may take; beyond it new ones are put off.',
    default: '1G',
  }),
  jobRows: integerSetting({
    variable: 'TALLYHOUSE_JOB_ROWS',
    description: 'Rows that the result of a job keeps, the first ones in its order.',
    min: 1_000,
    max: 10_000_000,
    default: 100_000,
  }),
  jobSeconds: integerSetting({
    variable: 'TALLYHOUSE_JOB_SECONDS',
    description: 'Time a job may run, in seconds; then it has failed.',
    min: 1,
    max: 86_400,
    default: 300,
  }),
  jobHours: integerSetting({
    variable: 'TALLYHOUSE_JOB_HOURS',
    description: 'Hours for which a job and its result are kept after its end.',
    min: 1,
    max: 8_760,
    default: 24,
  }),
  ...signOnSettings,
  testing: switchSetting({
    variable: 'TALLYHOUSE_TESTING',
    description: 'Allows the switches that are for tests only.',
    default: false,
  }),
  clock: setting<EpochMs | undefined>({
    variable: 'TALLYHOUSE_CLOCK',
    description: 'Starts the clock there (tests only).',
    accepts: 'an RFC 3339 time with offset',
    default: undefined,
    parse: (text): EpochMs | undefined => parseRfc3339(text) ?? undefined,
  }),
  jobHoldMs: setting<number | undefined>({
    variable: 'TALLYHOUSE_JOB_HOLD_MS',
    description: 'Keeps jobs active that long (tests only).',
    accepts: 'a whole number of milliseconds',
    default: undefined,
    parse: (text): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  }),
};

function urlSetting(setting: {
  variable: `TALLYHOUSE_${string}`;
  description: string;
  accepts: string;
  pattern: RegExp;
}): Setting<string | undefined> {
  const { variable, description, accepts, pattern } = setting;
  return {
    variable,
    description,
    accepts,
    default: undefined,
    parse: (text) => (pattern.test(text) ? text : undefined),
  };
}

function parseDialectSelection(text: string): DialectSelection | undefined {
  if (text === 'all') return 'all';
  const selection = new Map<string, { hosts: string[] }>();
  for (const item of text.split(',')) {
    const match = /^\s*([a-z0-9]+)(?:@([A-Za-z0-9.-]+))?\s*$/.exec(item);
    const name = match?.[1];
    if (name === undefined) return undefined;
    const entry = selection.get(name) ?? { hosts: [] };
    if (match?.[2] !== undefined) entry.hosts.push(match[2].toLowerCase());
    selection.set(name, entry);
  }
  return selection;
}
