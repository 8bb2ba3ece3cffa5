import { describe, expect, test } from 'vitest';
import { totpCode } from '../../src/access/totp.ts';
import { engines } from '../store/records/engines.ts';
import { NOON } from '../directory/support/world.ts';
import { accessWorld } from './support/access-world.ts';

const TOTP = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const FILE = `
users:
  - {email: Ada@North.example, password: correct-horse, username: ada}
  - {email: tom@north.example, password: tom-has-a-code, totp_secret: ${TOTP}}
  - {email: off@north.example, password: was-here, enabled: false}
  - {email: sso@north.example, sso_only: true}
  - {email: mallory@north.example, password: mallory, username: ada@north.example}
organizations: [{key: NORTH, name: North, members: [{user: ada@north.example, role: owner}, {user: tom@north.example, role: member}]}]
`;
const rejected = { kind: 'not_authenticated', reason: 'rejected' };

describe.each(engines)('log-ins on $name', ({ newStore }) => {
  const newWorld = async () => {
    const world = await accessWorld(newStore, FILE);
    const loginAt =
      ({ access }: Pick<typeof world, 'access'>) =>
      async (username: string, password: string, code?: string) => {
        const result = await access.logins.login({ username, password, code, address: '192.0.2.7', source: 'test' });
        return result.ok ? result.value.email : result.problem;
      };
    const events = async () =>
      world.records.db
        .selectFrom('audit')
        .select(['event', 'actor', 'address'])
        .where('event', 'like', 'login.%')
        .orderBy('id')
        .execute();
    return { ...world, login: loginAt(world), loginAt, events };
  };

  test('the right password logs in, by address in any case or by user name', async () => {
    const { login } = await newWorld();
    expect(await login('ada@north.example', 'correct-horse')).toBe('Ada@North.example');
    expect(await login('ADA@NORTH.EXAMPLE', 'correct-horse')).toBe('Ada@North.example');
    expect(await login('ada', 'correct-horse')).toBe('Ada@North.example');
  });

  test('who took the address of another as user name is not taken for the other', async () => {
    const { login } = await newWorld();
    expect(await login('ada@north.example', 'mallory')).toEqual(rejected);
    expect(await login('mallory@north.example', 'mallory')).toBe('mallory@north.example');
  });

  test.each([
    ['a wrong password', 'ada@north.example', 'Correct-horse'],
    ['nobody', 'nobody@north.example', 'correct-horse'],
    ['a disabled user', 'off@north.example', 'was-here'],
    ['a user of the identity provider', 'sso@north.example', ''],
    ['the stored hash', 'ada@north.example', '$argon2id$v=19$m=19456,t=2,p=1$'],
    ['nothing', '', ''],
    ['text that no store can hold', 'ada\u0000@north.example', 'correct-horse'],
    ['half a surrogate pair', '\ud800', 'x'],
    ['a megabyte', 'x'.repeat(1_000_000), 'x'.repeat(1_000_000)],
  ])('%s is rejected in the same words', async (_, username, password) => {
    expect(await (await newWorld()).login(username, password)).toEqual(rejected);
  });

  test('8 failures in a row lock for 30 minutes, on every node, for the right password too', async () => {
    const world = await newWorld();
    for (let i = 0; i < 8; i++) {
      expect(await world.login('ada@north.example', `guess ${i}`)).toEqual(rejected);
      world.wait(60);
    }
    const until = NOON + (7 * 60 + 30 * 60) * 1000;
    expect(await world.login('ada@north.example', 'correct-horse')).toEqual({ kind: 'locked_out', until });
    expect(await world.login('ada', 'correct-horse')).toEqual({ kind: 'locked_out', until });
    expect(await world.loginAt(await world.node())('ADA@north.example', 'correct-horse')).toEqual({
      kind: 'locked_out',
      until,
    });
    world.wait(29 * 60 - 1);
    expect(await world.login('ada@north.example', 'correct-horse')).toEqual({ kind: 'locked_out', until });
    world.wait(1);
    expect(await world.login('ada@north.example', 'correct-horse')).toBe('Ada@North.example');
  });

  test('a name that nobody has is locked like one that somebody has', async () => {
    const { login } = await newWorld();
    for (let i = 0; i < 8; i++) expect(await login('ghost', 'x')).toEqual(rejected);
    expect(await login('ghost', 'x')).toMatchObject({ kind: 'locked_out' });
  });

  test('only failures within 30 minutes count, the newest eight of them', async () => {
    const world = await newWorld();
    await world.login('ada', 'wrong');
    world.wait(29 * 60);
    for (let i = 0; i < 6; i++) await world.login('ada', 'wrong');
    world.wait(60);
    // The first is 30 minutes old; these are the seventh and the eighth.
    expect(await world.login('ada', 'wrong')).toEqual(rejected);
    expect(await world.login('ada', 'wrong')).toEqual(rejected);
    expect(await world.login('ada', 'correct-horse')).toMatchObject({ kind: 'locked_out' });
  });

  test('a good log-in begins the count anew', async () => {
    const { login } = await newWorld();
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 7; i++) await login('ada', 'wrong');
      expect(await login('ada', 'correct-horse')).toBe('Ada@North.example');
    }
  });

  test('of 30 guesses at once none gets through after the lock, and the lock stays', async () => {
    const { login } = await newWorld();
    const guesses = Array.from({ length: 29 }, (_, i) => login('ada', `guess ${i}`));
    const answers = await Promise.all(guesses);
    expect(answers.filter((answer) => answer !== null && typeof answer === 'object')).toHaveLength(29);
    expect(await login('ada', 'correct-horse')).toMatchObject({ kind: 'locked_out' });
  });

  test('20 good log-ins at once are all good', async () => {
    const { login } = await newWorld();
    const answers = await Promise.all(Array.from({ length: 20 }, () => login('ada', 'correct-horse')));
    expect(new Set(answers)).toEqual(new Set(['Ada@North.example']));
  });

  test('with a second factor the password alone is not enough; the code comes as password within 5 minutes', async () => {
    const world = await newWorld();
    const code = () => totpCode(TOTP, world.clock.at);
    expect(await world.login('tom@north.example', code())).toEqual(rejected);
    expect(await world.login('tom@north.example', 'tom-has-a-code')).toEqual({ kind: 'second_factor_required' });
    world.wait(5 * 60 - 1);
    expect(await world.loginAt(await world.node())('tom@north.example', code())).toBe('tom@north.example');
    // One password, one code.
    expect(await world.login('tom@north.example', code())).toEqual(rejected);
    expect(await world.login('tom@north.example', 'tom-has-a-code')).toEqual({ kind: 'second_factor_required' });
    world.wait(5 * 60);
    expect(await world.login('tom@north.example', code())).toEqual(rejected);
  });

  test('a code is good for one log-in, and an older one for none', async () => {
    const world = await newWorld();
    const before = totpCode(TOTP, world.clock.at);
    expect(await world.login('tom@north.example', 'tom-has-a-code', before)).toBe('tom@north.example');
    expect(await world.login('tom@north.example', 'tom-has-a-code', before)).toEqual(rejected);
    world.wait(30);
    const next = totpCode(TOTP, world.clock.at);
    const both = await Promise.all([1, 2, 3].map(() => world.login('tom@north.example', 'tom-has-a-code', next)));
    expect(both.filter((answer) => answer === 'tom@north.example')).toHaveLength(1);
  });

  test('wrong codes count as failures, and the right password in between does not forgive them', async () => {
    const { login } = await newWorld();
    for (let i = 0; i < 8; i++) {
      expect(await login('tom@north.example', 'tom-has-a-code')).toEqual({ kind: 'second_factor_required' });
      expect(await login('tom@north.example', '000000')).toEqual(rejected);
    }
    expect(await login('tom@north.example', 'tom-has-a-code')).toMatchObject({ kind: 'locked_out' });
  });

  test('log-ins are put on record with who and from where; names that nobody has are not', async () => {
    const { access, directory, login, events } = await newWorld();
    await login('nobody@north.example', 'my-real-password');
    for (let i = 0; i < 8; i++) await login('ada', 'wrong');
    await login('ada', 'correct-horse');
    await login('tom@north.example', 'wrong');
    const failed = { event: 'login.failed', actor: 'Ada@North.example', address: '192.0.2.7' };
    expect(await events()).toEqual([
      ...Array.from({ length: 8 }, () => failed),
      { ...failed, event: 'login.locked' },
      { ...failed, actor: 'tom@north.example' },
    ]);
    const north = (await directory.organizations()).byKey('NORTH');
    const entries = await access.audit.list({ organizations: north === undefined ? [] : [north.id], limit: 3 });
    expect(entries).toMatchObject([
      { event: 'login.failed', actor: 'tom@north.example', detail: { source: 'test' }, at: NOON },
      { event: 'login.locked', actor: 'Ada@North.example' },
      { event: 'login.failed', actor: 'Ada@North.example' },
    ]);
    const older = await access.audit.list({
      organizations: north === undefined ? [] : [north.id],
      limit: 100,
      before: entries[2]?.id,
    });
    expect(older).toHaveLength(7);
    expect(await access.audit.list({ organizations: [], limit: 10 })).toEqual([]);
  });
});
