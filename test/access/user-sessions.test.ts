import { describe, expect, test } from 'vitest';
import { engines } from '../store/records/engines.ts';
import { accessWorld } from './support/access-world.ts';

const FILE = `
users:
  - {email: ada@north.example, password: correct-horse}
  - {email: ben@north.example, sso_only: true}
  - {email: eve@north.example, password: correct-horse}
organizations:
  - {key: NORTH, name: North, members: [{user: ada@north.example, role: admin}]}
  - {key: LAB, name: Lab, parent: NORTH, members: [{user: ben@north.example, role: member}]}
  - {key: OLD, name: Old, parent: NORTH, suspended: true, members: [{user: ben@north.example, role: owner}]}
`;
const HOUR_S = 3_600;

describe.each(engines)('sessions of people on $name', ({ newStore }) => {
  const newWorld = async () => {
    const world = await accessWorld(newStore, FILE);
    const { access, directory } = world;
    const open = async (email: string): Promise<string> => {
      const user = await directory.userByEmail(email);
      return (user === null ? null : await access.userSessions.open(user)) ?? 'none';
    };
    const resumed = async (token: string): Promise<unknown> => {
      const session = await access.userSessions.resume(token);
      if (!session.ok) return session.problem.kind;
      const { user, organization, organizations, scopes, choices } = session.value;
      const tree = await directory.organizations();
      const keyOf = (id: typeof organization): string => tree.byId(id)?.key ?? '';
      return [user.email, keyOf(organization), organizations.map(keyOf), [...scopes], choices.map(({ key }) => key)];
    };
    return { ...world, open, resumed, sessions: access.userSessions };
  };
  const ADA = ['ada@north.example', 'NORTH', ['NORTH', 'LAB'], ['ingest', 'read', 'admin'], ['LAB', 'NORTH']];

  test('are what the person may do there at this moment', async () => {
    const { open, resumed } = await newWorld();
    expect(await resumed(await open('ada@north.example'))).toEqual(ADA);
    expect(await resumed(await open('ben@north.example'))).toEqual([
      'ben@north.example',
      'LAB',
      ['LAB'],
      ['read'],
      ['LAB'],
    ]);
    expect(await open('eve@north.example')).toBe('none');
  });

  test('end after eight hours without a request, and after a day in any case', async () => {
    const world = await newWorld();
    const { open, resumed } = world;
    const idle = await open('ada@north.example');
    const busy = await open('ada@north.example');
    for (let hours = 7; hours < 24; hours += 7) {
      world.wait(7 * HOUR_S);
      expect(await resumed(busy)).toEqual(ADA);
    }
    expect(await resumed(idle)).toBe('not_authenticated');
    world.wait(3 * HOUR_S);
    expect(await resumed(busy)).toBe('not_authenticated');
  });

  test('one made by another ends with the day of the first, and so does what it makes', async () => {
    const world = await newWorld();
    const { open, resumed, sessions } = world;
    const beside = async (token: string): Promise<string> => {
      const session = await sessions.resume(token);
      return (session.ok ? await sessions.openBeside(session.value) : null) ?? 'none';
    };
    let token = await open('ada@north.example');
    for (let hours = 0; hours < 21; hours += 7) {
      world.wait(7 * HOUR_S);
      token = await beside(token);
      expect(await resumed(token)).toEqual(ADA);
    }
    world.wait(3 * HOUR_S - 1);
    expect(await resumed(token)).toEqual(ADA);
    world.wait(1);
    expect(await resumed(token)).toBe('not_authenticated');
  });

  test('end with a new password, and when one is taken from its person', async () => {
    const world = await newWorld();
    const { open, resumed, directory, sessions } = world;
    const token = await open('ada@north.example');
    const ended = await open('ada@north.example');
    await sessions.end(ended);
    expect([await resumed(token), await resumed(ended)]).toEqual([ADA, 'not_authenticated']);
    world.wait(1);
    await world.apply('users: [{email: ada@north.example, password: another-horse}]');
    await directory.refresh();
    expect(await resumed(token)).toBe('not_authenticated');
  });

  test('move only to where the person may be', async () => {
    const { open, resumed, directory, sessions } = await newWorld();
    const tree = await directory.organizations();
    const [north, lab] = [tree.byKey('NORTH')?.id, tree.byKey('LAB')?.id];
    if (north === undefined || lab === undefined) throw new Error('the directory is not there');
    const [ada, ben] = [await open('ada@north.example'), await open('ben@north.example')];
    expect(await sessions.moveTo(ada, lab)).toBe(true);
    expect(await resumed(ada)).toEqual([
      'ada@north.example',
      'LAB',
      ['LAB'],
      ['ingest', 'read', 'admin'],
      ['LAB', 'NORTH'],
    ]);
    expect(await sessions.moveTo(ben, north)).toBe(false);
    expect(await sessions.moveTo('ths_nonsense', north)).toBe(false);
  });
});
