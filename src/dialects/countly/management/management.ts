import type { Services } from '../../dialect.ts';
import type { Reach } from '../../../directory/resources/reach.ts';
import type { DirectoryResource } from '../../../directory/resources/resource.ts';
import type { User } from '../../../directory/users.ts';
import type { Refusal } from '../../../directory/resources/resources.ts';
import { authenticate } from '../access/credentials.ts';
import { problemAnswer, type Answer } from '../transport/answer.ts';
import type { Call, Endpoint } from '../transport/call.ts';
import { invalidField } from './args.ts';

export type ManagementServices = Pick<Services, 'access' | 'directory' | 'resources'>;

/** Endpoint for whoever has credentials; rights are for `run` to look at. */
export function keyed(
  services: ManagementServices,
  path: string,
  schema: Endpoint['schema'],
  run: (user: User, call: Call) => Promise<Answer>,
): Endpoint {
  return {
    path,
    ...(schema === undefined ? {} : { schema }),
    run: async (call) => {
      const user = await authenticate(services.access, call);
      return user.ok ? run(user.value, call) : user.problem;
    },
  };
}

/** An administrator's hands reach everywhere; which app or user they may touch is decided before. */
export function reachOf(user: User): Reach {
  return { organizations: 'all', home: null, actor: user.email };
}

export function resourceNamed({ resources }: ManagementServices, name: string): DirectoryResource {
  const found = resources.all.find((resource) => resource.name === name);
  if (found === undefined) throw new TypeError(`the directory has no ${name}`);
  return found;
}

/**
 * Why the directory does not take an entry, in the words of this API.
 *
 * @param fields names of its arguments by the directory's names
 * @param taken what to say when a value belongs to another entry
 */
export function refusalAnswer(refusal: Refusal, fields: Readonly<Record<string, string>>, taken: Answer): Answer {
  if (refusal.kind === 'problem') return problemAnswer(refusal.problem);
  if (refusal.mistakes.some(({ kind }) => kind === 'conflict')) return taken;
  const field = String(refusal.mistakes[0]?.at[0] ?? 'args');
  return invalidField(fields[field] ?? field);
}
