import type { Organization } from '../../directory/organizations.ts';
import type { Command, CommandContext } from './command.ts';
import { errorOf } from './problems.ts';
import { failure, type Outcome } from './reply.ts';

export const sessionOrgList: Command = {
  name: 'session.org.list',
  summary: 'The organizations the session may switch to, as a tree. `includeRoles` adds the roles granted in each.',
  example: {
    params: { includeRoles: false },
    reply: {
      result: [
        {
          orgId: '52fbed495d80f1091b00000f',
          orgKey: 'NORTH',
          orgName: 'North',
          subOrgs: [{ orgId: '53924c91d15a70c8f4000008', orgKey: 'NORTH_LAB', orgName: 'North Laboratory' }],
        },
      ],
    },
  },
  run(params, context): Outcome {
    const includeRoles = params.flag('includeRoles');
    if (params.faults.length > 0) return failure(...params.faults.map(errorOf));
    return { ok: true, params: treeJson(context, includeRoles) };
  },
};

/** Written without recursion: nothing bounds how deep the tree of an instance is. */
function* treeJson({ organizations, session }: CommandContext, includeRoles: boolean): Generator<string> {
  const enterable = organizations.all.filter((each) => session.mayEnter(each));
  const listed = new Set(enterable.map(({ id }) => id));
  const isRoot = ({ parent }: Organization): boolean => parent === null || !listed.has(parent);

  const open: { readonly siblings: readonly Organization[]; next: number }[] = [];
  yield '{"result":[';
  open.push({ siblings: enterable.filter(isRoot), next: 0 });
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const organization = level.siblings[level.next];
    if (organization === undefined) {
      open.pop();
      // The list, and around it the organization or, at the top, the answer.
      yield ']}';
      continue;
    }
    if (level.next > 0) yield ',';
    level.next += 1;
    const children = organizations.children(organization.id).filter(({ id }) => listed.has(id));
    const fields = JSON.stringify(entryOf(organization, includeRoles ? session.roleIn(organization) : undefined));
    if (children.length === 0) {
      yield fields;
      continue;
    }
    yield `${fields.slice(0, -1)},"subOrgs":[`;
    open.push({ siblings: children, next: 0 });
  }
}

function entryOf({ publicId, key, name }: Organization, role: string | null | undefined): object {
  const entry = { orgId: publicId, orgKey: key, orgName: name };
  return role === undefined ? entry : { ...entry, roles: role === null ? [] : [role] };
}
