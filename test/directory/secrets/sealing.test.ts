import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSealing } from '../../../src/directory/secrets/sealing.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const directory = (): string => mkdtempSync(join(tmpdir(), 'tallyhouse-sealing-'));

describe('sealing with TALLYHOUSE_SECRET', () => {
  const sealing = createSealing({ secret: 'correct horse battery', dataDirectory: '/nonexistent' });

  test('what was sealed opens again, on another node too', () => {
    const sealed = sealing.seal(KEY, 'users.countly_key');
    expect(sealed).not.toContain(KEY);
    const elsewhere = createSealing({ secret: 'correct horse battery', dataDirectory: '/nowhere' });
    expect(elsewhere.open(sealed, 'users.countly_key')).toBe(KEY);
  });

  test('the same text is sealed differently each time', () => {
    expect(sealing.seal(KEY, 'x')).not.toBe(sealing.seal(KEY, 'x'));
  });

  test('empty and unicode texts survive', () => {
    expect(sealing.open(sealing.seal('', 'x'), 'x')).toBe('');
    expect(sealing.open(sealing.seal('ключ 🔑', 'x'), 'x')).toBe('ключ 🔑');
  });

  test('it does not open in another column, when altered, or with another secret', () => {
    const sealed = sealing.seal(KEY, 'users.countly_key');
    expect(() => sealing.open(sealed, 'users.totp')).toThrow('a sealed users.totp is damaged');
    const middle = Math.floor(sealed.length / 2);
    const altered = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1);
    expect(() => sealing.open(altered, 'users.countly_key')).toThrow('damaged');
    const other = createSealing({ secret: 'another secret here', dataDirectory: '/nonexistent' });
    expect(() => other.open(sealed, 'users.countly_key')).toThrow(
      'a users.countly_key was sealed with another key: restore TALLYHOUSE_SECRET or secret.key',
    );
    expect(() => sealing.open('rubbish', 'x')).toThrow('damaged');
    expect(() => sealing.open(sealed.slice(0, 14), 'users.countly_key')).toThrow('damaged');
  });
});

describe('sealing with a key file', () => {
  test('the file is made with mode 0600 and read again', () => {
    const dataDirectory = directory();
    const sealed = createSealing({ secret: undefined, dataDirectory }).seal(KEY, 'x');
    expect(statSync(join(dataDirectory, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dataDirectory, 'secret.key'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(createSealing({ secret: undefined, dataDirectory }).open(sealed, 'x')).toBe(KEY);
  });

  test('a file others can read is refused with the remedy', () => {
    const dataDirectory = directory();
    createSealing({ secret: undefined, dataDirectory });
    chmodSync(join(dataDirectory, 'secret.key'), 0o644);
    expect(() => createSealing({ secret: undefined, dataDirectory })).toThrow(
      `${dataDirectory}/secret.key can be read by other users: run chmod 600 ${dataDirectory}/secret.key`,
    );
  });

  test('a damaged file is refused, never replaced', () => {
    const dataDirectory = directory();
    writeFileSync(join(dataDirectory, 'secret.key'), 'abc', { mode: 0o600 });
    expect(() => createSealing({ secret: undefined, dataDirectory })).toThrow('damaged: restore it from a backup');
    expect(readFileSync(join(dataDirectory, 'secret.key'), 'utf8')).toBe('abc');
  });
});
