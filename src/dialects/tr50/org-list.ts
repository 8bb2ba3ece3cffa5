import type { Organization } from '../../directory/organizations.ts';
import type { Command, CommandContext } from './command.ts';
import { compareBytes } from './counters.ts';
import { ORGANIZATION_FIELDS, organizationFields, type OrganizationField } from './organization-fields.ts';
import type { Params } from './params.ts';
import { errorOf } from './problems.ts';
import { failure, success } from './reply.ts';

/** Organizations of one answer, and the number given when no limit is. */
const MAX_LISTED = 5000;

export const orgList: Command = {
  name: 'org.list',
  summary:
    'The current organization and its direct children, for Super-Ops all organizations. `sort` is a field with + or -.',
  example: {
    params: { offset: 0, limit: 10, sort: '+key' },
    reply: {
      count: 1,
      fields: ORGANIZATION_FIELDS,
      result: [
        {
          id: '52fbed495d80f1091b00000f',
          key: 'NORTH',
          name: 'North',
          timezone: 'America/New_York',
          createdOn: '2025-01-07T09:00:00.000Z',
          updatedOn: '2025-03-01T10:15:00.000Z',
        },
      ],
    },
  },
  run(params, context) {
    const offset = params.integer('offset', 0, Number.MAX_SAFE_INTEGER) ?? 0;
    const limit = params.integer('limit', 0, MAX_LISTED) ?? MAX_LISTED;
    const sort = readSort(params);
    if (params.faults.length > 0) return failure(...params.faults.map(errorOf));
    const all = listed(context).map((each) => organizationFields(each, context.organizations));
    if (sort !== null) {
      const { field, sign } = sort;
      all.sort((a, b) => sign * compareBytes(a[field] ?? '', b[field] ?? '') || compareBytes(a.key ?? '', b.key ?? ''));
    }
    return success({ count: all.length, fields: ORGANIZATION_FIELDS, result: all.slice(offset, offset + limit) });
  },
};

function listed({ organizations, session }: CommandContext): readonly Organization[] {
  const { caller, current } = session;
  if (caller.kind === 'user' && caller.superOps) return organizations.all;
  return [current, ...organizations.children(current.id).filter((child) => session.mayEnter(child))];
}

/** `key`, `+key` or `-key`, with the name of any field; null when absent: the order of the keys, the current one first. */
function readSort(params: Params): { readonly field: OrganizationField; readonly sign: 1 | -1 } | null {
  const text = params.text('sort');
  if (text === null) return null;
  const field = ORGANIZATION_FIELDS.find((name) => name === text.replace(/^[+-]/, ''));
  if (field === undefined) {
    params.refuse('sort', `has to be + or - and one of ${ORGANIZATION_FIELDS.join(', ')}`);
    return null;
  }
  return { field, sign: text.startsWith('-') ? -1 : 1 };
}
