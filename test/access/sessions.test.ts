import { describe, expect, test } from 'vitest';
import { engines } from '../store/records/engines.ts';
import { NOON } from '../directory/support/world.ts';
import { accessWorld } from './support/access-world.ts';

const FILE = `
users: [{email: ada@north.example, password: correct-horse}]
organizations:
  - {key: NORTH, name: North, app_tokens: [tok_1], members: [{user: ada@north.example, role: owner}]}
  - {key: LAB, name: Lab, parent: NORTH}
`;
const DAY_S = 86_400;
const RULES = { kind: 'test', idleMs: DAY_S * 1000 };

describe.each(engines)('sessions on $name', ({ newStore }) => {
  const newWorld = async () => {
    const world = await accessWorld(newStore, FILE);
    const ada = await world.directory.userByEmail('ada@north.example');
    const tree = await world.directory.organizations();
    const [north, lab] = [tree.byKey('NORTH')?.id, tree.byKey('LAB')?.id];
    if (ada === null || north === undefined || lab === undefined) throw new Error('the directory is not there');
    const sessions = world.access.sessions<{ role: string }>(RULES);
    const open = () => sessions.open({ principal: { role: 'x' }, userId: ada.id, organization: north });
    return { ...world, ada, north, lab, sessions, open };
  };

  test('an id has 160 random bits, and only its digest is stored', async () => {
    const { open, records } = await newWorld();
    const [one, two] = [await open(), await open()];
    expect(one).toMatch(/^[0-9a-f]{40}$/);
    expect(one).not.toBe(two);
    const rows = JSON.stringify(await records.db.selectFrom('sessions').selectAll().execute());
    expect(rows).not.toContain(one);
  });

  test('a session holds what it was opened with, on every node and after a restart', async () => {
    const { open, ada, north, node } = await newWorld();
    const id = await open();
    const elsewhere = (await node()).access.sessions(RULES);
    expect(await elsewhere.resume(id)).toEqual({
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      principal: { role: 'x' },
      userId: ada.id,
      organization: north,
      createdAt: NOON,
      lastSeenAt: NOON,
    });
  });

  test('each use begins its idle day anew; a day without use ends it', async () => {
    const world = await newWorld();
    const id = await world.open();
    for (let i = 0; i < 3; i++) {
      world.wait(DAY_S - 1);
      expect(await world.sessions.resume(id)).not.toBeNull();
    }
    world.wait(DAY_S);
    expect(await world.sessions.resume(id)).toBeNull();
  });

  test('the last use is told to the millisecond without a write for each', async () => {
    const world = await newWorld();
    const id = await world.open();
    const written = async () =>
      (await world.records.db.selectFrom('sessions').select('last_seen_at').executeTakeFirst())?.last_seen_at;
    world.wait(0.25);
    expect((await world.sessions.resume(id))?.lastSeenAt).toBe(NOON);
    world.wait(10);
    expect((await world.sessions.resume(id))?.lastSeenAt).toBe(NOON + 250);
    expect(await written()).toBe(NOON);
    await world.sessions.close();
    expect(await written()).toBe(NOON + 10_250);
  });

  test('what was written at the end is known to the next start', async () => {
    const world = await newWorld();
    const id = await world.open();
    world.wait(DAY_S - 1);
    await world.sessions.resume(id);
    await world.access.close();
    world.wait(DAY_S - 1);
    const next = (await world.node()).access.sessions(RULES);
    expect(await next.resume(id)).not.toBeNull();
  });

  test('it moves to another organization, and the move is durable', async () => {
    const { open, sessions, lab, node } = await newWorld();
    const id = await open();
    const session = await sessions.resume(id);
    await sessions.moveTo(session?.digest ?? '', lab);
    expect((await (await node()).access.sessions(RULES).resume(id))?.organization).toBe(lab);
  });

  test('it ends by act, once and for all nodes', async () => {
    const { open, sessions, node } = await newWorld();
    const [id, other] = [await open(), await open()];
    const elsewhere = (await node()).access.sessions(RULES);
    await elsewhere.end((await elsewhere.resume(id))?.digest ?? '');
    expect(await sessions.resume(id)).toBeNull();
    expect(await sessions.resume(other)).not.toBeNull();
  });

  test('the digest, another kind and rubbish are no sessions', async () => {
    const { open, sessions, access } = await newWorld();
    const id = await open();
    const digest = (await sessions.resume(id))?.digest ?? '';
    expect(await access.sessions({ ...RULES, kind: 'other' }).resume(id)).toBeNull();
    for (const text of [digest, '', id.toUpperCase(), `${id}0`, 'a\u0000b', '\ud800', 'x'.repeat(1_000_000)]) {
      expect(await sessions.resume(text)).toBeNull();
    }
  });

  test('it ends with its user, with the password it began with, and with its application token', async () => {
    const world = await newWorld();
    const { sessions, access, north } = world;
    const first = await world.open();
    world.wait(1);
    await world.apply('users: [{email: ada@north.example, password: another}]');
    expect(await sessions.resume(first)).toBeNull();
    const second = await world.open();
    await world.apply('users: [{email: ada@north.example, enabled: false}]');
    expect(await sessions.resume(second)).toBeNull();
    const token = await access.appTokens.authenticate('tok_1');
    const third = await sessions.open({
      principal: { role: 'app' },
      userId: null,
      appTokenId: token?.id,
      organization: north,
    });
    expect(await sessions.resume(third)).not.toBeNull();
    await world.apply('organizations: [{key: NORTH, app_tokens: []}, {key: LAB}]', { prune: true });
    expect(await sessions.resume(third)).toBeNull();
  });

  test('ended sessions go when new ones come', async () => {
    const world = await newWorld();
    for (let i = 0; i < 5; i++) await world.open();
    world.wait(DAY_S + 60);
    await world.open();
    expect(await world.records.db.selectFrom('sessions').selectAll().execute()).toHaveLength(1);
  });
});
