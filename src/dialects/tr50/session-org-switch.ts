import type { Command } from './command.ts';
import { namedOrganization } from './named-organization.ts';
import { errorOf } from './problems.ts';
import { failure, success } from './reply.ts';

export const sessionOrgSwitch: Command = {
  name: 'session.org.switch',
  summary: 'Makes the organization with `key`, or with `id`, the current one of the session.',
  example: { params: { key: 'NORTH_LAB' } },
  async run(params, context) {
    const named = namedOrganization(params, context);
    if ('refusal' in named) return named.refusal;
    if (named.found === null) return failure(errorOf({ kind: 'missing_field', field: 'params.key' }));
    await context.session.enter(named.found);
    return success();
  },
};
