import { describe, expect, test } from 'vitest';
import { engines } from '../store/records/engines.ts';
import { accessWorld } from './support/access-world.ts';

const FILE = `
users:
  - {email: ada@north.example, password: correct-horse}
  - {email: ben@north.example, password: battery-staple}
organizations: [{key: NORTH, name: North, members: [{user: ada@north.example, role: owner}]}]
`;
const RULES = { kind: 'test', prefix: 'tok', randomBytes: 8, mostOfUser: 3 };

describe.each(engines)('tokens of users on $name', ({ newStore }) => {
  const newWorld = async () => {
    const world = await accessWorld(newStore, FILE);
    const user = async (email: string) => {
      const found = await world.directory.userByEmail(email);
      if (found === null) throw new Error('the directory is not there');
      return found;
    };
    const tokens = world.access.userTokens(RULES);
    const holders = (sent: readonly string[]) =>
      Promise.all(sent.map(async (token) => (await tokens.authenticate(token))?.email ?? null));
    return { ...world, tokens, holders, ada: await user('ada@north.example'), ben: await user('ben@north.example') };
  };

  test('only a digest is stored; the digest, another kind’s token and other texts are nobody’s', async () => {
    const { tokens, ada, records, access, holders } = await newWorld();
    const token = await tokens.issue(ada);
    expect(token).toMatch(/^tok[0-9a-f]{16}$/);
    const rows = await records.db.selectFrom('sessions').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await holders([token, rows[0]?.id_hash ?? '', token.toUpperCase(), `${token}0`, '', 'tok\u0000'])).toEqual([
      'ada@north.example',
      ...Array(5).fill(null),
    ]);
    expect(await access.userTokens({ ...RULES, kind: 'other' }).authenticate(token)).toBeNull();
  });

  test('the earliest goes when there are too many, whatever the clock says and whoever else has some', async () => {
    const { tokens, ada, ben, holders, ...world } = await newWorld();
    const others = [await tokens.issue(ben)];
    const issued: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      issued.push(await tokens.issue(ada));
      await tokens.authenticate(issued[0] ?? '');
      world.wait(-3_600);
    }
    expect(await holders(issued)).toEqual(Array(3).fill('ada@north.example'));
    issued.push(await tokens.issue(ada));
    expect(await holders([...issued, ...others])).toEqual([
      null,
      ...Array(3).fill('ada@north.example'),
      'ben@north.example',
    ]);
    await tokens.end(issued[2] ?? '');
    issued.push(await tokens.issue(ada));
    expect(await holders(issued)).toEqual([null, 'ada@north.example', null, 'ada@north.example', 'ada@north.example']);
  });

  test('of many log-ins at once on two nodes just as many stay as may', async () => {
    const { tokens, ada, node, holders } = await newWorld();
    const elsewhere = (await node()).access.userTokens(RULES);
    const issued = await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? tokens : elsewhere).issue(ada)),
    );
    expect((await holders(issued)).filter((holder) => holder !== null)).toHaveLength(3);
  });

  test('end with a new password, and are dead while the user is disabled', async () => {
    const { tokens, ada, records, holders, ...world } = await newWorld();
    const token = await tokens.issue(ada);
    for (const [enabled, holder] of [
      [0, null],
      [1, 'ada@north.example'],
    ] as const) {
      await records.db.updateTable('users').set({ enabled }).where('id', '=', ada.id).execute();
      expect(await holders([token])).toEqual([holder]);
    }
    world.wait(1);
    await world.apply('users: [{email: ada@north.example, password: another-horse}]');
    expect(await holders([token])).toEqual([null]);
  });
});
