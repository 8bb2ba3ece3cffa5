import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OauthClient } from '../../../access/oauth/clients.ts';
import type { Problem } from '../../../domain/problem.ts';
import { problemOf } from '../../../http/request-problem.ts';
import { storeProblem } from '../../../queries/store-problem.ts';
import type { Services } from '../../dialect.ts';
import { Form, isForm } from '../form.ts';
import { sendPage } from './layout.ts';
import * as pages from './pages.ts';
import { parseRegistration } from './registration.ts';
import { CONSOLE_SESSIONS, isOwnForm, Visitors, type ConsolePrincipal, type Visitor } from './visitor.ts';

const MAX_BODY_BYTES = 64 * 1024;

type Page = (visitor: Visitor, request: FastifyRequest, reply: FastifyReply, form: Form) => Promise<FastifyReply>;

/** `/o/applications/` and below (contract 2): HTML pages on which a user registers applications. */
export function registerApplicationPages(scope: FastifyInstance, { access, directory }: Services): void {
  const visitors = new Visitors(access.sessions<ConsolePrincipal>(CONSOLE_SESSIONS), directory);
  const clients = access.oauthClients;

  /** A page for whoever is logged in; others are sent to the log-in and come back. */
  const page =
    (run: Page) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const visitor = await visitors.of(request);
      if (visitor === null) {
        const next = request.method === 'GET' ? (request.url.split('?')[0] ?? pages.HOME) : pages.HOME;
        return reply.redirect(`${pages.LOGIN}?next=${encodeURIComponent(next)}`, 303);
      }
      const form = formOf(request);
      if (request.method === 'POST' && !isOwnForm(request, form, visitor)) return foreign(reply);
      return run(visitor, request, reply, form);
    };

  /** A page about one application of the visitor's. */
  const clientPage = (run: (client: OauthClient, ...args: Parameters<Page>) => Promise<FastifyReply>) =>
    page(async (visitor, request, reply, form) => {
      const { id } = request.params as { id: string };
      const client = await clients.find(id, visitor.user.id);
      if (client === null) return notFound(reply);
      return run(client, visitor, request, reply, form);
    });

  const showLogin = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const next = new Form(request.url.split('?')[1] ?? '').get('next') ?? pages.HOME;
    return sendPage(reply, 'Log in', pages.loginPage(next, null));
  };

  const login = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const form = formOf(request);
    if (!isOwnForm(request, form, null)) return foreign(reply);
    const next = form.get('next') ?? pages.HOME;
    const user = await access.logins.login({
      username: form.get('username') ?? '',
      password: form.get('password') ?? '',
      code: form.get('code') ?? undefined,
      address: request.ip,
      source: 'console',
    });
    if (!user.ok) {
      const status = user.problem.kind === 'overloaded' ? 503 : 403;
      return sendPage(reply, 'Log in', pages.loginPage(next, loginProblem(user.problem)), status);
    }
    await visitors.open(user.value, request, reply);
    return reply.redirect(ownPath(next), 303);
  };

  const logout = page(async (visitor, request, reply) => {
    await visitors.close(visitor, request, reply);
    return reply.redirect(pages.LOGIN, 303);
  });

  const list = page(async (visitor, _request, reply) =>
    sendPage(reply, 'Your applications', pages.listPage(await clients.ofOwner(visitor.user.id), visitor)),
  );

  const showRegister = page(async (visitor, _request, reply) =>
    sendPage(reply, 'Register an application', pages.registerPage(EMPTY, visitor, null)),
  );

  const register = page(async (visitor, request, reply, form) => {
    const given = {
      name: form.get('name') ?? '',
      type: form.get('client_type') ?? '',
      grant: form.get('authorization_grant_type') ?? '',
    };
    const parsed = parseRegistration(given);
    const organization = visitor.user.memberships[0]?.organization;
    if (!parsed.ok || organization === undefined) {
      const problem = parsed.ok
        ? 'You belong to no organization, so nobody could own the application.'
        : parsed.problem;
      return sendPage(reply, 'Register an application', pages.registerPage(given, visitor, problem), 400);
    }
    const { client, secret } = await clients.create({
      ...parsed.value,
      organization,
      owner: visitor.user,
      address: request.ip,
    });
    return sendPage(reply, pages.nameOf(client), pages.createdPage(client, secret, visitor));
  });

  const show = clientPage(async (client, visitor, _request, reply) =>
    sendPage(reply, pages.nameOf(client), pages.clientPage(client, visitor)),
  );

  const confirmDelete = clientPage(async (client, visitor, _request, reply) =>
    sendPage(reply, 'Delete an application', pages.deletePage(client, visitor)),
  );

  const remove = clientPage(async (client, visitor, request, reply) => {
    await clients.remove(client, { email: visitor.user.email, address: request.ip });
    return reply.redirect(pages.HOME, 303);
  });

  void scope.register(async (site) => {
    site.setValidatorCompiler(() => () => true);
    site.removeAllContentTypeParsers();
    site.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    site.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error) ?? storeProblem(error);
      if (problem === null) request.log.error({ err: error }, 'a page failed');
      return failed(reply, problem);
    });

    const routes = [
      { url: pages.HOME, get: list },
      { url: pages.LOGIN, get: showLogin, post: login },
      { url: pages.LOGOUT, post: logout },
      { url: pages.REGISTER, get: showRegister, post: register },
      { url: `${pages.HOME}:id/`, get: show },
      { url: `${pages.HOME}:id/delete/`, get: confirmDelete, post: remove },
    ];
    for (const { url, get, post } of routes) {
      for (const path of [url, url.slice(0, -1)]) {
        const options = { schema: { hide: true }, bodyLimit: MAX_BODY_BYTES };
        if (get !== undefined) site.get(path, options, get);
        if (post !== undefined) site.post(path, options, post);
      }
    }
    site.get(`${pages.HOME}*`, { schema: { hide: true } }, async (_request, reply) => notFound(reply));
  });
}

const EMPTY = { name: '', type: 'confidential', grant: 'client-credentials' };

function formOf({ body, headers }: FastifyRequest): Form {
  return new Form(typeof body === 'string' && isForm(headers['content-type']) ? body : '');
}

/** Nobody is sent to another site after a log-in. */
function ownPath(next: string): string {
  return next.startsWith(pages.HOME) && !next.includes('\\') ? next : pages.HOME;
}

function loginProblem(problem: Problem): string {
  switch (problem.kind) {
    case 'second_factor_required':
      return 'Send your password together with the one-time code.';
    case 'locked_out':
      return 'Too many failed attempts; try again later.';
    case 'overloaded':
      return 'Too many log-ins at the moment; try again.';
    default:
      return 'The e-mail address or the password is wrong.';
  }
}

function foreign(reply: FastifyReply): FastifyReply {
  return sendPage(reply, 'Refused', pages.messagePage('This form did not come from a page of ours. Try again.'), 403);
}

function notFound(reply: FastifyReply): FastifyReply {
  return sendPage(reply, 'Not found', pages.messagePage('There is no such page.'), 404);
}

function failed(reply: FastifyReply, problem: Problem | null): FastifyReply {
  const status = problem === null ? 500 : problem.kind === 'records_unavailable' ? 503 : 400;
  return sendPage(reply, 'Something went wrong', pages.messagePage('Try again later.'), status);
}
