import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import type { Reach } from '../../../directory/resources/reach.ts';
import type { DirectoryResource } from '../../../directory/resources/resource.ts';
import type { DirectoryResources } from '../../../directory/resources/resources.ts';
import { compileLazily } from '../../../http/validation.ts';
import { callerOf } from '../caller.ts';
import { limitOf } from '../paging.ts';
import { sendProblem } from '../send-problem.ts';
import { entrySchema } from './entry-schemas.ts';
import { entryToWire, withSecrets } from './entry-to-wire.ts';
import { fillPath, resourcePath } from './resource-path.ts';
import { sendRefusal } from './send-refusal.ts';

/**
 * Directory CRUD (design 7): every list of the directory file is a collection under `/api/v1`, with the file's keys.
 * For keys with the scope `admin`; what their organization does not cover is not there.
 */
export function registerDirectory(api: FastifyInstance, resources: DirectoryResources): void {
  for (const resource of resources.all) registerResource(api, resources, resource);
}

function registerResource(api: FastifyInstance, resources: DirectoryResources, resource: DirectoryResource): void {
  const path = resourcePath(resource);
  const single = resource.kind.form === 'single';
  const addressesOf = (request: FastifyRequest): string[] => {
    const given = request.params as Readonly<Record<string, string | undefined>>;
    return path.parameters.flatMap((name) => given[name] ?? []);
  };
  const hrefOf = (addresses: readonly string[]): string => `${api.prefix}${fillPath(path.entry, addresses)}`;
  const route = { config: { needs: 'admin' }, validatorCompiler: onlyQueries } as const;

  if (!single) {
    api.get(path.collection, { ...route, schema: entrySchema(resource, path, 'list') }, async (request, reply) => {
      const { limit, cursor } = request.query as { limit?: string; cursor?: string };
      const around = addressesOf(request);
      const page = await resources.list(resource, reachOf(request), around, {
        limit: limitOf(limit === undefined ? {} : { limit }),
        after: cursor,
      });
      if (!page.ok) return sendProblem(request, reply, namedCursor(page.problem));
      const entries = page.value.items.map((item) => entryToWire(item, hrefOf([...around, item.address])));
      return reply.send({ entries, next: page.value.next });
    });
  }

  api.post(path.collection, { ...route, schema: entrySchema(resource, path, 'create') }, async (request, reply) => {
    const around = addressesOf(request);
    const written = await resources.create(resource, reachOf(request), around, request.body ?? {});
    if (!written.ok) return sendRefusal(request, reply, written.problem);
    const { item, secrets } = written.value;
    const href = hrefOf(single ? around : [...around, item.address]);
    return reply
      .code(201)
      .header('location', href)
      .send(withSecrets(entryToWire(item, href), secrets));
  });

  api.get(path.entry, { ...route, schema: entrySchema(resource, path, 'get') }, async (request, reply) => {
    const addresses = addressesOf(request);
    const item = await resources.get(resource, reachOf(request), addresses);
    if (!item.ok) return sendProblem(request, reply, item.problem);
    return reply.send(entryToWire(item.value, hrefOf(ownAddresses(addresses, item.value.address, single))));
  });

  const update = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const addresses = addressesOf(request);
    const written = await resources.update(resource, reachOf(request), addresses, request.body ?? {});
    if (!written.ok) return sendRefusal(request, reply, written.problem);
    const { item, secrets } = written.value;
    const href = hrefOf(ownAddresses(addresses, item.address, single));
    return reply.send(withSecrets(entryToWire(item, href), secrets));
  };
  api.patch(path.entry, { ...route, schema: entrySchema(resource, path, 'update') }, update);
  // For clients without PATCH; listed once in the API reference.
  api.put(path.entry, { ...route, schema: { hide: true } }, update);

  api.delete(path.entry, { ...route, schema: entrySchema(resource, path, 'remove') }, async (request, reply) => {
    const removed = await resources.remove(resource, reachOf(request), addressesOf(request));
    return removed.ok ? reply.code(204).send() : sendRefusal(request, reply, removed.problem);
  });
}

/** Addresses as the entry is called now: it may have been found by another name, or have been renamed. */
function ownAddresses(asked: readonly string[], address: string, single: boolean): string[] {
  return single ? [...asked] : [...asked.slice(0, -1), address];
}

function reachOf(request: FastifyRequest): Reach {
  const caller = callerOf(request);
  return {
    organizations: caller.administered(),
    home: caller.organization,
    actor: caller.actor,
  };
}

/** Bodies are checked by the directory, which tells every mistake; what is no name of anything is not found. */
const onlyQueries: FastifySchemaCompiler<TSchema> = (route) =>
  route.httpPart === 'querystring' ? compileLazily(route) : () => true;

function namedCursor<P extends { readonly kind: string }>(problem: P): P {
  return problem.kind === 'invalid_field' && 'field' in problem && problem.field === 'after'
    ? { ...problem, field: 'cursor' }
    : problem;
}
