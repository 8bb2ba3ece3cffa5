import { cut, valueText } from './text-values.ts';

/** What is counted with a session, as it is stored (contract 2.3). */
export interface Metrics {
  readonly os?: string | undefined;
  readonly os_version?: string | undefined;
  readonly model?: string | undefined;
  readonly resolution?: string | undefined;
  readonly carrier?: string | undefined;
  readonly app_version?: string | undefined;
}

/** Letters before a version, so that versions of two systems do not meet; of other systems their first letter. */
const OS_PREFIXES: Readonly<Record<string, string>> = {
  ios: 'i',
  android: 'a',
  blackberry: 'b',
  'windows phone': 'w',
  windows: 'mw',
  mac: 'o',
  macos: 'o',
  osx: 'o',
  linux: 'l',
  unix: 'u',
  tvos: 'atv',
  watchos: 'wos',
  tizen: 't',
  roku: 'r',
  symbian: 's',
  web: 'web',
  webos: 'webos',
};

const COUNTED: ReadonlySet<string> = new Set([
  '_os',
  '_os_version',
  '_device',
  '_resolution',
  '_carrier',
  '_app_version',
]);
const MAX_VALUE = 256;

/** The counted metrics of a `metrics` object, normalised. */
export function metricsOf(sent: Readonly<Record<string, unknown>>): Metrics {
  const value = (name: string): string | undefined =>
    Object.hasOwn(sent, name) ? (valueText(sent[name]) ?? undefined) : undefined;
  const os = value('_os');
  return {
    os,
    os_version: shortened(prefixed(value('_os_version'), os)),
    model: value('_device'),
    resolution: value('_resolution'),
    carrier: shortened(carrierOf(value('_carrier'))),
    app_version: shortened(versionOf(value('_app_version'))),
  };
}

/** What was put before or behind a value, or became longer in capitals, may have made it too long. */
function shortened(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cut(text, MAX_VALUE);
}

/** Those that are kept and not counted. */
export function otherMetrics(sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(sent).filter(([name]) => !COUNTED.has(name)));
}

function prefixed(version: string | undefined, os: string | undefined): string | undefined {
  if (version === undefined || os === undefined) return version;
  const system = os.toLowerCase();
  const prefix = Object.hasOwn(OS_PREFIXES, system) ? OS_PREFIXES[system] : /^./su.exec(system)?.[0];
  return prefix === undefined || version.startsWith(prefix) ? version : prefix + version;
}

/** A hash of 16 characters and two dashes stand for no carrier. */
function carrierOf(carrier: string | undefined): string | undefined {
  if (carrier === undefined || carrier === '--' || /^\S{16}$/u.test(carrier)) return undefined;
  return carrier.replace(/\S+/gu, (word) => {
    const [first = ''] = word;
    return first.toUpperCase() + word.slice(first.length).toLowerCase();
  });
}

function versionOf(version: string | undefined): string | undefined {
  return version !== undefined && /^\d+$/.test(version) ? `${version}.0` : version;
}
