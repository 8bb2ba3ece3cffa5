import type { FastifyInstance } from 'fastify';

/** Tells which methods a path answers; empty for a path that no route has. Call it before the routes are added. */
export function allowedMethods(api: FastifyInstance): (url: string) => readonly string[] {
  const routes: { readonly methods: readonly string[]; readonly path: RegExp }[] = [];
  api.addHook('onRoute', ({ method, url }) => {
    const path = url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/');
    routes.push({ methods: typeof method === 'string' ? [method] : method, path: new RegExp(`^${path}$`) });
  });
  return (url) => {
    const [path = ''] = url.split('?');
    return [...new Set(routes.filter((route) => route.path.test(path)).flatMap((route) => route.methods))].sort();
  };
}
