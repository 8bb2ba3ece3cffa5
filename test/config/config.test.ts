import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, redact } from '../../src/config/config.ts';
import { integerSetting } from '../../src/config/setting.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

function mistakes(environment: NodeJS.ProcessEnv): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('configuration', () => {
  it('has a default for everything a first start needs', () => {
    const { core } = readConfig({});
    expect([core.host, core.port, core.dataDirectory, core.facts, core.records, core.zone]).toEqual([
      '127.0.0.1',
      4000,
      './data',
      'chdb:data/facts',
      'sqlite:data/records.db',
      'UTC',
    ]);
  });

  it('keeps the embedded stores in the data directory', () => {
    const { core } = readConfig({ TALLYHOUSE_DATA: '/var/lib/tallyhouse' });
    expect([core.facts, core.records]).toEqual([
      'chdb:/var/lib/tallyhouse/facts',
      'sqlite:/var/lib/tallyhouse/records.db',
    ]);
  });

  it('names every wrong variable and the accepted form at once', () => {
    expect(mistakes({ TALLYHOUSE_PORT: 'eighty', TALLYHOUSE_ZONE: 'Mars/Olympus', TALLYHOUSE_LOG: 'loud' })).toBe(
      [
        'TALLYHOUSE_PORT: "eighty" is not accepted; give a whole number from 0 to 65535',
        'TALLYHOUSE_LOG: "loud" is not accepted; give one of silent, fatal, error, warn, info, debug, trace',
        'TALLYHOUSE_ZONE: "Mars/Olympus" is not accepted; give an IANA time zone, e.g. Europe/Berlin',
      ].join('\n'),
    );
  });

  it.each([
    ['TALLYHOUSE_PORT', '65536'],
    ['TALLYHOUSE_PORT', '-1'],
    ['TALLYHOUSE_PORT', '4000.5'],
    ['TALLYHOUSE_FACTS', 'mysql://x'],
    ['TALLYHOUSE_RECORDS', './records.db'],
    ['TALLYHOUSE_REDIS', 'localhost:6379'],
    ['TALLYHOUSE_OUTBOX_BYTES', '2 GB'],
    ['TALLYHOUSE_DIALECTS', 'native,,tr50'],
    ['TALLYHOUSE_TRUST_PROXY', 'maybe'],
    ['TALLYHOUSE_SECRET', 'short'],
  ])('refuses %s=%s', (variable, value) => {
    expect(mistakes({ [variable]: value })).toMatch(new RegExp(`^${variable}: .* is not accepted; give `));
  });

  it('does not print a secret or a password that it refuses', () => {
    expect(mistakes({ TALLYHOUSE_SECRET: 'hunter2' })).not.toContain('hunter2');
    expect(mistakes({ TALLYHOUSE_RECORDS: 'mysql://ada:hunter2@db/x' })).not.toContain('hunter2');
    expect(redact('postgres://ada:hunter2@db/x')).toBe('postgres://ada:***@db/x');
    expect(redact('postgres://ada:hun@ter/2@db/x')).toBe('postgres://ada:***@db/x');
    expect(redact('postgres://db/x?user=ada&password=hunter2&sslmode=require')).toBe(
      'postgres://db/x?user=ada&password=***&sslmode=require',
    );
  });

  it('says what Kubernetes does to TALLYHOUSE_PORT', () => {
    expect(mistakes({ TALLYHOUSE_PORT: 'tcp://10.0.0.1:4000' })).toContain('turn enableServiceLinks off');
  });

  it('takes an empty variable for an unset one', () => {
    expect(readConfig({ TALLYHOUSE_PORT: '', TALLYHOUSE_SECRET: '' }).core.port).toBe(4000);
  });

  it('reads sizes with a unit of 1024', () => {
    expect(readConfig({ TALLYHOUSE_OUTBOX_BYTES: '3M' }).core.outboxBytes).toBe(3_145_728);
  });

  it('refuses the switches for tests outside of tests', () => {
    expect(mistakes({ TALLYHOUSE_CLOCK: '2026-03-29T00:00:00Z' })).toBe(
      'TALLYHOUSE_CLOCK is for tests; it needs TALLYHOUSE_TESTING=1',
    );
    expect(mistakes({ TALLYHOUSE_JOB_HOLD_MS: '5' })).toBe(
      'TALLYHOUSE_JOB_HOLD_MS is for tests; it needs TALLYHOUSE_TESTING=1',
    );
    const { core } = readConfig({ TALLYHOUSE_TESTING: '1', TALLYHOUSE_CLOCK: '2026-03-29T00:00:00+01:00' });
    expect(core.clock).toBe(1_774_738_800_000);
  });

  it('wants both files for https or none', () => {
    expect(mistakes({ TALLYHOUSE_TLS_CERT: 'cert.pem' })).toBe(
      'TALLYHOUSE_TLS_CERT and TALLYHOUSE_TLS_KEY belong together: set both or none',
    );
  });

  it('wants all that a log-in by a provider needs, or nothing', () => {
    const whole = {
      TALLYHOUSE_OIDC_ISSUER: 'https://accounts.example.com/realms/one',
      TALLYHOUSE_OIDC_CLIENT_ID: 'tallyhouse',
      TALLYHOUSE_OIDC_BASE_URL: 'https://Tally.example.com/',
    };
    expect(readConfig({ ...whole, TALLYHOUSE_OIDC_DOMAINS: 'Example.com, münchen.example' }).core).toMatchObject({
      oidcIssuer: 'https://accounts.example.com/realms/one',
      oidcBaseUrl: 'https://tally.example.com',
      oidcDomains: ['example.com', 'münchen.example'],
      oidcTrustEmail: false,
    });
    for (const name of Object.keys(whole)) {
      expect(mistakes({ ...whole, [name]: '' })).toBe(
        'TALLYHOUSE_OIDC_ISSUER, TALLYHOUSE_OIDC_CLIENT_ID and TALLYHOUSE_OIDC_BASE_URL belong together: set all of them or none',
      );
    }
  });

  it.each([
    ['TALLYHOUSE_OIDC_ISSUER', 'http://accounts.example.com'],
    ['TALLYHOUSE_OIDC_ISSUER', 'accounts.example.com'],
    ['TALLYHOUSE_OIDC_BASE_URL', 'http://tally.example.com'],
    ['TALLYHOUSE_OIDC_BASE_URL', 'https://tally.example.com/path'],
    ['TALLYHOUSE_OIDC_BASE_URL', 'https://user:secret@tally.example.com'],
    ['TALLYHOUSE_OIDC_DOMAINS', 'ada@example.com'],
  ])('refuses %s=%s', (name, value) => {
    expect(mistakes({ [name]: value })).toContain(`${name}: `);
  });

  it('binds dialects to host names', () => {
    const { dialects } = readConfig({ TALLYHOUSE_DIALECTS: 'native, tr50@IoT.example.org,tr50@b.example' }).core;
    expect(dialects).toEqual(
      new Map([
        ['native', { hosts: [] }],
        ['tr50', { hosts: ['iot.example.org', 'b.example'] }],
      ]),
    );
  });

  it('warns of variables that are no settings', () => {
    expect(readConfig({ TALLYHOUSE_PROT: '1', TALLYHOUSE_KEY: 'k' }).warnings).toEqual([
      'TALLYHOUSE_PROT is not a setting and is ignored',
    ]);
  });

  it('reads the settings of a dialect beside its own', () => {
    const settings = {
      rate: integerSetting({ variable: 'TALLYHOUSE_X_RATE', description: '', min: 0, max: 9, default: 3 }),
    };
    expect(readConfig({}, [settings]).of(settings).rate).toBe(3);
    expect(readConfig({ TALLYHOUSE_X_RATE: '7' }, [settings]).of(settings).rate).toBe(7);
  });
});

describe('the configuration file', () => {
  function file(content: string): string {
    const path = join(temporaryDirectory(), 'tallyhouse.yaml');
    writeFileSync(path, content);
    return path;
  }

  it('sets what the environment does not', () => {
    const path = file('port: 4444\nhost: 0.0.0.0\nzone: Europe/Berlin\ndialects: [native, tr50]\n');
    const { core } = readConfig({ TALLYHOUSE_CONFIG: path, TALLYHOUSE_HOST: '::1' });
    expect([core.port, core.host, core.zone]).toEqual([4444, '::1', 'Europe/Berlin']);
  });

  it('names a key that is no setting', () => {
    expect(mistakes({ TALLYHOUSE_CONFIG: file('prot: 1\n') })).toBe(
      'TALLYHOUSE_CONFIG: the file has an unknown key "prot"',
    );
  });

  it('names the variable of a wrong value', () => {
    expect(mistakes({ TALLYHOUSE_CONFIG: file('port: high\n') })).toBe(
      'TALLYHOUSE_PORT: "high" is not accepted; give a whole number from 0 to 65535',
    );
  });

  it.each(['- a list\n', 'port: [\n', '"text"'])('refuses a file of %j', (content) => {
    expect(mistakes({ TALLYHOUSE_CONFIG: file(content) })).toMatch(/^TALLYHOUSE_CONFIG: cannot use /);
  });

  it('says that a file is missing', () => {
    expect(mistakes({ TALLYHOUSE_CONFIG: '/nowhere/x.yaml' })).toMatch(/cannot use \/nowhere\/x.yaml: ENOENT/);
  });
});
