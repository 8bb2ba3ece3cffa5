import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { coreSettings } from './core-settings.ts';
import type { Setting, Settings, SettingValues } from './setting.ts';
import { incompleteSignOn } from './sign-on-settings.ts';

export type CoreConfig = Omit<SettingValues<typeof coreSettings>, 'facts' | 'records'> & {
  readonly facts: string;
  readonly records: string;
};

/** Everything an operator decided, read once at start and frozen. */
export interface Config {
  readonly core: CoreConfig;
  /** Values of a dialect's own settings; the group has to be among those given to `readConfig`. */
  readonly of: <S extends Settings>(settings: S) => SettingValues<S>;
  /** Things worth a warning: variables with our prefix that name no setting. */
  readonly warnings: readonly string[];
}

/** A configuration that cannot be used; the message has one line per mistake, each naming the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Settings of the command line itself and of the start script, not of the server. */
const FOREIGN_VARIABLES = new Set(['TALLYHOUSE_CONFIG', 'TALLYHOUSE_URL', 'TALLYHOUSE_KEY']);

/**
 * Reads the environment, and below it the file named by TALLYHOUSE_CONFIG (YAML or JSON, one key per setting).
 * Throws ConfigError that names every wrong value and its accepted form.
 */
export function readConfig(environment: NodeJS.ProcessEnv, groups: readonly Settings[] = []): Config {
  const mistakes: string[] = [];
  const file = readFile(environment['TALLYHOUSE_CONFIG'], mistakes);
  const known = new Map<string, Setting<unknown>>();
  const values = new Map<Setting<unknown>, unknown>();

  for (const setting of [coreSettings, ...groups].flatMap((group: Settings) => Object.values(group))) {
    known.set(setting.variable, setting);
    values.set(setting, readSetting(setting, environment, file, mistakes));
  }
  for (const key of file.keys()) {
    if (!known.has(variableOf(key))) mistakes.push(`TALLYHOUSE_CONFIG: the file has an unknown key "${key}"`);
  }

  const read = <S extends Settings>(settings: S): SettingValues<S> =>
    Object.freeze(
      Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, values.get(setting)])),
    ) as SettingValues<S>;

  const core = read(coreSettings);
  if (core.clock !== undefined && !core.testing) mistakes.push(onlyForTests('TALLYHOUSE_CLOCK'));
  if (core.jobHoldMs !== undefined && !core.testing) mistakes.push(onlyForTests('TALLYHOUSE_JOB_HOLD_MS'));
  if ((core.tlsCert === undefined) !== (core.tlsKey === undefined)) {
    mistakes.push('TALLYHOUSE_TLS_CERT and TALLYHOUSE_TLS_KEY belong together: set both or none');
  }
  const signOn = incompleteSignOn(core);
  if (signOn !== null) mistakes.push(signOn);
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));

  return Object.freeze({
    core: Object.freeze({
      ...core,
      facts: core.facts ?? `chdb:${join(core.dataDirectory, 'facts')}`,
      records: core.records ?? `sqlite:${join(core.dataDirectory, 'records.db')}`,
    }),
    of: read,
    warnings: Object.keys(environment)
      .filter((name) => name.startsWith('TALLYHOUSE_') && !known.has(name) && !FOREIGN_VARIABLES.has(name))
      .map((name) => `${name} is not a setting and is ignored`),
  });
}

function readSetting(
  setting: Setting<unknown>,
  environment: NodeJS.ProcessEnv,
  file: ReadonlyMap<string, string>,
  mistakes: string[],
): unknown {
  // An empty variable is what an unset one looks like in a compose file or a unit file.
  const fromEnvironment = environment[setting.variable] === '' ? undefined : environment[setting.variable];
  const text = fromEnvironment ?? file.get(keyOf(setting.variable)) ?? setting.default;
  if (text === undefined) return undefined;
  const value = setting.parse(text);
  if (value === undefined) {
    // Kubernetes sets TALLYHOUSE_PORT=tcp://… in the pods beside a service of our name.
    const hint = text.startsWith('tcp://') ? ' (set by Kubernetes: turn enableServiceLinks off)' : '';
    const shown = setting.variable === 'TALLYHOUSE_SECRET' ? 'its value' : `"${redact(text)}"`;
    mistakes.push(`${setting.variable}: ${shown} is not accepted; give ${setting.accepts}${hint}`);
  }
  return value;
}

function readFile(path: string | undefined, mistakes: string[]): ReadonlyMap<string, string> {
  if (path === undefined || path === '') return new Map();
  try {
    const content: unknown = parseYaml(readFileSync(path, 'utf8'));
    if (content === null) return new Map();
    if (typeof content !== 'object' || Array.isArray(content)) throw new Error('it is not a list of keys and values');
    return new Map(Object.entries(content).map(([key, value]) => [key, fileText(value)]));
  } catch (error) {
    mistakes.push(`TALLYHOUSE_CONFIG: cannot use ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return new Map();
  }
}

function fileText(value: unknown): string {
  return Array.isArray(value) ? value.map(fileText).join(',') : String(value);
}

function keyOf(variable: string): string {
  return variable.slice('TALLYHOUSE_'.length).toLowerCase();
}

function variableOf(key: string): string {
  return `TALLYHOUSE_${key.toUpperCase()}`;
}

function onlyForTests(variable: string): string {
  return `${variable} is for tests; it needs TALLYHOUSE_TESTING=1`;
}

/** Passwords in URLs stay out of messages and logs. */
export function redact(text: string): string {
  return text.replace(/(\/\/[^/:@]*:).*@/s, '$1***@').replace(/([?&](?:ssl)?password=)[^&#]*/gi, '$1***');
}
