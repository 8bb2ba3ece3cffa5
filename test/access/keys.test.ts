import { describe, expect, test, vi } from 'vitest';
import { engines } from '../store/records/engines.ts';
import { accessWorld } from './support/access-world.ts';

const FILE = `
organizations:
  - key: NORTH
    name: North
    native_keys: [{key: th_north_key, scopes: [read, ingest], label: plant}]
    app_tokens: [tok_north]
  - {key: LAB, name: Lab, parent: NORTH}
  - {key: COLD, name: Cold room, parent: LAB}
  - {key: SHUT, name: Shut, parent: NORTH, suspended: true, native_keys: [{key: th_shut_key, scopes: [read]}]}
  - {key: SOUTH, name: South, native_keys: [{key: th_south_key, scopes: [admin]}], app_tokens: [tok_south]}
`;
const invalid = { ok: false, problem: { kind: 'not_authenticated', reason: 'invalid' } };

describe.each(engines)('keys of the native API on $name', ({ newStore }) => {
  const newWorld = () => accessWorld(newStore, FILE);

  test('a key stands for its organization and what is below, without what is suspended', async () => {
    const { access, directory } = await newWorld();
    const tree = await directory.organizations();
    const found = await access.nativeKeys.authenticate('th_north_key');
    expect(found).toMatchObject({
      ok: true,
      value: { prefix: 'th_nor', label: 'plant', organization: tree.byKey('NORTH')?.id },
    });
    if (!found.ok) return;
    expect([...found.value.scopes]).toEqual(['ingest', 'read']);
    expect(found.value.organizations.map((id) => tree.byId(id)?.key)).toEqual(['NORTH', 'LAB', 'COLD']);
  });

  test('unknown keys, digests of keys and rubbish are refused', async () => {
    const { access } = await newWorld();
    // sha256 of th_north_key
    const digest = '4744f1d1732fd060b80b8b549f091e274fa4c3abf6dad2e30f9a6c5969076d8b';
    for (const key of [
      '',
      'th_north_ke',
      'TH_NORTH_KEY',
      'tok_north',
      digest,
      'a\u0000b',
      '\ud800',
      'x'.repeat(1_000_000),
    ]) {
      expect(await access.nativeKeys.authenticate(key)).toEqual(invalid);
    }
  });

  test('the key of a suspended organization may do nothing', async () => {
    const { access } = await newWorld();
    expect(await access.nativeKeys.authenticate('th_shut_key')).toEqual({
      ok: false,
      problem: { kind: 'not_permitted', needs: 'an organization that is not suspended' },
    });
  });

  test('a change made beside a running server is seen within a second', async () => {
    const world = await newWorld();
    const { nativeKeys } = world.access;
    expect(await nativeKeys.authenticate('th_north_key')).toMatchObject({ ok: true });
    expect(await nativeKeys.authenticate('th_new_key')).toEqual(invalid);
    // Applied by another process: nobody tells this one.
    await world.apply(
      `organizations: [{key: NORTH, native_keys: [{key: th_new_key, scopes: [read]}]}, {key: LAB}, {key: COLD}, {key: SHUT}, {key: SOUTH}]`,
      { prune: true },
    );
    const begun = performance.now();
    while ((await nativeKeys.authenticate('th_north_key')).ok && performance.now() - begun < 2000) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(await nativeKeys.authenticate('th_new_key')).toMatchObject({ ok: true });
  });

  test('a key revoked while it is being looked up is not remembered', async () => {
    const world = await newWorld();
    const { nativeKeys } = world.access;
    const looking = nativeKeys.authenticate('th_south_key');
    await world.records.db.updateTable('native_keys').set({ revoked_at: world.clock.at }).execute();
    await world.apply('organizations: [{key: SOUTH, name: Southern}]');
    await looking;
    await world.directory.refresh();
    expect(await nativeKeys.authenticate('th_south_key')).toEqual(invalid);
  });

  test('a key that was seen before is not looked up again, in every request', async () => {
    const { access, records } = await newWorld();
    const { nativeKeys } = access;
    expect(await nativeKeys.authenticate('th_north_key')).toMatchObject({ ok: true });
    const asked = vi.spyOn(records.db, 'selectFrom');
    for (let i = 0; i < 100; i++) expect(await nativeKeys.authenticate('th_north_key')).toMatchObject({ ok: true });
    expect(asked).not.toHaveBeenCalled();
    expect(await nativeKeys.authenticate('th_south_key')).toMatchObject({ ok: true });
    expect(asked).toHaveBeenCalled();
  });
});

describe.each(engines)('application tokens on $name', ({ newStore }) => {
  test('a token stands for its organization, and a thing belongs to the application that came first', async () => {
    const { access } = await accessWorld(newStore, FILE);
    const { appTokens } = access;
    const north = await appTokens.authenticate('tok_north');
    const south = await appTokens.authenticate('tok_south');
    expect(await appTokens.authenticate('tok_nort')).toBeNull();
    expect(await appTokens.authenticate('th_north_key')).toBeNull();
    if (north === null || south === null) throw new Error('the tokens are not there');
    expect(await appTokens.bindThing(north.organization, 'thing-1', 'meter')).toBe(true);
    expect(await appTokens.bindThing(north.organization, 'thing-1', 'meter')).toBe(true);
    expect(await appTokens.bindThing(north.organization, 'thing-1', 'other')).toBe(false);
    expect(await appTokens.bindThing(south.organization, 'thing-1', 'other')).toBe(true);
    const race = await Promise.all(
      ['a', 'b', 'c'].map((app) => appTokens.bindThing(north.organization, 'thing-2', app)),
    );
    expect(race.filter(Boolean)).toHaveLength(1);
  });
});
