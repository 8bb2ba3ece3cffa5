import { describe, expect, test } from 'vitest';
import { createPasswords, passwordHashMistake } from '../../../src/directory/secrets/passwords.ts';

describe('passwords', () => {
  const passwords = createPasswords(1);

  test('a hash is argon2id with 19 MiB, 2 passes and 1 lane, and different each time', async () => {
    const [one, two] = [await passwords.hash('correct-horse'), await passwords.hash('correct-horse')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify(one, 'correct-horse')).toBe(true);
    expect(await passwords.verify(one, 'correct-Horse')).toBe(false);
  });

  test('composed and decomposed letters are the same password', async () => {
    const hashed = await passwords.hash('Zo\u00eb-pass');
    expect(await passwords.verify(hashed, 'Zoe\u0308-pass')).toBe(true);
  });

  test('no hash is never right and takes as long as a wrong password', async () => {
    const hashed = await passwords.hash('correct-horse');
    await passwords.verify(null, 'first use makes the stand-in');
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let i = 0; i < 15; i++) {
      for (const [name, hash] of [
        ['known', hashed],
        ['unknown', null],
      ] as const) {
        const begun = performance.now();
        expect(await passwords.verify(hash, 'wrong')).toBe(false);
        times[name].push(performance.now() - begun);
      }
    }
    const median = (list: number[]): number => list.toSorted((a, b) => a - b)[7] ?? 0;
    expect(median(times.unknown) / median(times.known)).toBeGreaterThan(0.5);
    expect(median(times.unknown) / median(times.known)).toBeLessThan(2);
  });

  test('a password of more than 1024 bytes is wrong without being hashed', async () => {
    const hashed = await passwords.hash('x');
    expect(await passwords.verify(hashed, 'x'.repeat(1025))).toBe(false);
  });

  test('a storm is refused when 256 are waiting, and the others are answered', async () => {
    const answers = await Promise.all(Array.from({ length: 260 }, () => passwords.tryVerify(null, 'x'.repeat(2000))));
    expect(answers.filter((answer) => !answer.ok)).toHaveLength(3);
    expect(answers.find((answer) => !answer.ok)).toEqual({
      ok: false,
      problem: { kind: 'overloaded', retryAfterMs: 2000 },
    });
    expect(await passwords.tryVerify(null, 'x')).toEqual({ ok: true, value: false });
  });

  test.each([
    ['$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$7CcfJxQQ1o3nBeDl6zQsDkZGtx+2V3PZ4kL0kCHVt2w', null],
    [
      '$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$7CcfJxQQ1o3nBeDl6zQsDkZGtx+2V3PZ4kL0kCHVt2w',
      'must be an argon2id hash',
    ],
    [
      '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$7CcfJxQQ1o3nBeDl6zQsDkZGtx+2V3PZ4kL0kCHVt2w',
      'costs too much: at most m=262144, t=16, p=16',
    ],
    [
      '$2b$12$abcdefghijklmnopqrstuv',
      'must be an argon2id hash in PHC form, e.g. $argon2id$v=19$m=19456,t=2,p=1$salt$hash',
    ],
    ['', 'must be an argon2id hash in PHC form, e.g. $argon2id$v=19$m=19456,t=2,p=1$salt$hash'],
  ])('the hash %s from outside: %s', (hashed, mistake) => {
    expect(passwordHashMistake(hashed)).toBe(mistake);
  });
});
