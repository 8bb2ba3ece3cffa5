import { describe, expect, test } from 'vitest';
import { administers, organizationsOfUser } from '../../src/access/user-rights.ts';
import { engines } from '../store/records/engines.ts';
import { accessWorld } from './support/access-world.ts';

const FILE = `
users: [{email: owner@x.example}, {email: admin@x.example}, {email: member@x.example}, {email: viewer@x.example}, {email: ops@x.example, super_ops: true}, {email: two@x.example}]
organizations:
  - key: NORTH
    name: North
    members: [{user: owner@x.example, role: owner}, {user: member@x.example, role: member}, {user: viewer@x.example, role: viewer}, {user: two@x.example, role: owner}]
  - {key: LAB, name: Lab, parent: NORTH, members: [{user: admin@x.example, role: admin}, {user: two@x.example, role: viewer}]}
  - {key: COLD, name: Cold, parent: LAB}
  - {key: SOUTH, name: South}
`;

describe.each(engines)('rights of users on $name (tr50.md, appendix 2)', ({ newStore }) => {
  test.each([
    ['owner@x.example', ['COLD', 'LAB', 'NORTH'], ['COLD', 'LAB', 'NORTH']],
    ['admin@x.example', ['COLD', 'LAB'], ['COLD', 'LAB']],
    ['member@x.example', ['NORTH'], []],
    ['viewer@x.example', ['NORTH'], []],
    ['two@x.example', ['COLD', 'LAB', 'NORTH'], ['COLD', 'LAB', 'NORTH']],
    ['ops@x.example', ['COLD', 'LAB', 'NORTH', 'SOUTH'], []],
  ])('%s enters %j and administers %j', async (email, enters, administered) => {
    const { directory } = await accessWorld(newStore, FILE);
    const user = await directory.userByEmail(email);
    const tree = await directory.organizations();
    if (user === null) throw new Error('the user is not there');
    expect(organizationsOfUser(user, tree).map(({ key }) => key)).toEqual(enters);
    expect(tree.all.filter(({ id }) => administers(user, id, tree)).map(({ key }) => key)).toEqual(administered);
  });
});
