import type { Command } from './command.ts';
import { namedOrganization } from './named-organization.ts';
import { organizationFields } from './organization-fields.ts';
import { success } from './reply.ts';

export const orgFind: Command = {
  name: 'org.find',
  summary: 'The organization with `id` or `key`; with neither the current one.',
  example: {
    params: { key: 'NORTH_LAB' },
    reply: {
      id: '53924c91d15a70c8f4000008',
      key: 'NORTH_LAB',
      name: 'North Laboratory',
      parentKey: 'NORTH',
      timezone: 'America/New_York',
      createdOn: '2025-01-07T09:00:00.000Z',
      updatedOn: '2025-03-01T10:15:00.000Z',
    },
  },
  run(params, context) {
    const named = namedOrganization(params, context);
    if ('refusal' in named) return named.refusal;
    return success(organizationFields(named.found ?? context.session.current, context.organizations));
  },
};
