/**
 * One thing an operator may set. Every setting is an environment variable and, in the file named by TALLYHOUSE_CONFIG,
 * a key: the variable's name without its prefix, in lower case (`TALLYHOUSE_PORT` is `port`).
 */
export interface Setting<T> {
  readonly variable: `TALLYHOUSE_${string}`;
  /** What the setting does, one sentence, for the reference page. */
  readonly description: string;
  /** The accepted form in words, printed when a value is refused. */
  readonly accepts: string;
  /** Text form of the default; undefined leaves the setting unset. */
  readonly default: string | undefined;
  /** Turns the text into the value, or returns undefined when the text is not of the accepted form. */
  readonly parse: (text: string) => T | undefined;
}

/** Settings by the name the code uses for them. */
export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values of a group of settings. A setting without default may be undefined. */
export type SettingValues<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** A setting with a form of its own; fixes the type of its value. */
export function setting<T>(declaration: Setting<T>): Setting<T> {
  return declaration;
}

type Described<T> = Pick<Setting<T>, 'variable' | 'description'>;

export function textSetting(setting: Described<string> & { default: string }): Setting<string>;
export function textSetting(
  setting: Described<string | undefined> & { default: undefined },
): Setting<string | undefined>;
export function textSetting(
  setting: Described<string | undefined> & { default: string | undefined },
): Setting<string | undefined> {
  return { ...setting, accepts: 'text', parse: (text) => text };
}

/** A whole number between `min` and `max`, both included. */
export function integerSetting(
  setting: Described<number> & { min: number; max: number; default: number },
): Setting<number> {
  const { min, max } = setting;
  return {
    variable: setting.variable,
    description: setting.description,
    accepts: `a whole number from ${min} to ${max}`,
    default: String(setting.default),
    parse: (text) => {
      const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** A size in bytes, written with an optional unit of 1024: `500M`, `2G`. */
export function bytesSetting(setting: Described<number> & { default: string }): Setting<number> {
  return {
    ...setting,
    accepts: 'a size in bytes, with an optional K, M, G or T (of 1024), e.g. 500M',
    parse: (text) => {
      const match = /^(\d{1,15})([KMGT]?)$/.exec(text);
      const unit = BYTE_UNITS[match?.[2] ?? 'none'];
      return match === null || unit === undefined ? undefined : Number(match[1]) * unit;
    },
  };
}

/** `1`, `true`, `yes`, `on` or `0`, `false`, `no`, `off`. */
export function switchSetting(setting: Described<boolean> & { default: boolean }): Setting<boolean> {
  return {
    variable: setting.variable,
    description: setting.description,
    accepts: '1 (on) or 0 (off)',
    default: setting.default ? '1' : '0',
    parse: (text) => {
      if (/^(1|true|yes|on)$/i.test(text)) return true;
      return /^(0|false|no|off)$/i.test(text) ? false : undefined;
    },
  };
}

export function choiceSetting<const C extends string>(
  setting: Described<C> & { choices: readonly C[]; default: C },
): Setting<C> {
  return {
    variable: setting.variable,
    description: setting.description,
    accepts: `one of ${setting.choices.join(', ')}`,
    default: setting.default,
    parse: (text) => setting.choices.find((choice) => choice === text),
  };
}
