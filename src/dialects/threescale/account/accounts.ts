import Type from 'typebox';
import type { Account } from '../../../directory/provider/accounts.ts';
import type { ProviderDirectory } from '../../../directory/provider/provider-directory.ts';
import { fail } from '../../../domain/result.ts';
import { choice, describe, idOf } from '../describe.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { exampleOf } from '../examples/examples.ts';
import { NOT_FOUND } from '../format/refusal.ts';
import { oneOf, pageOfList, wholeList } from './answers.ts';
import { pageAsked } from './paging.ts';
import { pagingParameters } from './parameters.ts';
import { ACCOUNT_API } from './scope.ts';
import { writeAccount, writeUser } from './write-account.ts';

const accountId = idOf('accounts', 'Id of the account.', 17);
const tag = 'Account Management API';

/** Accounts and their users (contract 3.4). */
export function accountEndpoints(providers: ProviderDirectory): readonly Endpoint[] {
  const { formats } = ACCOUNT_API;
  return [
    {
      ...ACCOUNT_API,
      path: '/admin/api/accounts',
      schema: describe({
        summary: 'Accounts',
        tag,
        formats,
        query: {
          ...pagingParameters,
          state: Type.Optional(
            choice(['created', 'pending', 'approved', 'rejected', 'suspended'], 'Keeps accounts in that state.'),
          ),
        },
        examples: exampleOf('accounts'),
      }),
      run: async (call) => {
        const { tenant, parameters } = call;
        const asked = pageAsked(parameters);
        const found = await providers.accounts(tenant.id, { state: parameters.get('state') }, asked);
        const users = await usersOf(providers, call, found.items);
        const items = found.items.map((account) => ({ account, users: users.get(account.id) ?? [] }));
        return pageOfList('accounts', asked, { items, total: found.total }, writeAccount(call));
      },
    },
    {
      ...ACCOUNT_API,
      path: '/admin/api/accounts/find',
      schema: describe({
        summary: 'Find an account by one of its users',
        tag,
        formats,
        query: {
          username: Type.Optional(Type.String({ description: 'User name; wins over the others.' })),
          user_id: Type.Optional(idOf('users', 'Id of the user; wins over `email`.', 23)),
          email: Type.Optional(Type.String({ description: 'E-mail address of the user.' })),
        },
        examples: exampleOf('account'),
      }),
      run: async (call) => {
        const by = criterionOf(call);
        const account = by === null ? null : await providers.accountOfUser(call.tenant.id, by);
        return shown(providers, call, account);
      },
    },
    {
      ...ACCOUNT_API,
      path: '/admin/api/accounts/:account_id',
      schema: describe({
        summary: 'One account',
        description: 'XML has the users inside; JSON has them at `/admin/api/accounts/{account_id}/users`.',
        tag,
        formats,
        path: { account_id: accountId },
        examples: exampleOf('account'),
      }),
      run: async (call) => shown(providers, call, await namedAccount(providers, call)),
    },
    {
      ...ACCOUNT_API,
      path: '/admin/api/accounts/:account_id/users',
      schema: describe({
        summary: 'Users of an account',
        tag,
        formats,
        path: { account_id: accountId },
        query: {
          state: Type.Optional(Type.String({ description: 'Keeps users in that state, e.g. `active`.' })),
          role: Type.Optional(choice(['admin', 'member'], 'Keeps users with that role.')),
        },
        examples: exampleOf('users'),
      }),
      run: async (call) => {
        const account = await namedAccount(providers, call);
        if (account === null) return fail(NOT_FOUND);
        const { tenant, parameters } = call;
        const filter = { state: parameters.get('state'), role: parameters.get('role') };
        return wholeList('users', await providers.users(tenant.id, [account.id], filter), writeUser(call));
      },
    },
    {
      ...ACCOUNT_API,
      path: '/admin/api/accounts/:account_id/users/:id',
      schema: describe({
        summary: 'One user',
        tag,
        formats,
        path: { account_id: accountId, id: idOf('users', 'Id of the user.', 23) },
        examples: exampleOf('user'),
      }),
      run: async (call) => {
        const account = await namedAccount(providers, call);
        if (account === null) return fail(NOT_FOUND);
        const users = await providers.users(call.tenant.id, [account.id]);
        const user = users.find(({ id }) => id === call.parameters.id('id'));
        return user === undefined ? fail(NOT_FOUND) : oneOf(user, writeUser(call));
      },
    },
  ];
}

/** The account that the path names; null when the tenant has none. */
async function namedAccount(providers: ProviderDirectory, { tenant, parameters }: Call): Promise<Account | null> {
  const id = parameters.id('account_id');
  return typeof id === 'number' ? providers.account(tenant.id, id) : null;
}

function criterionOf({ parameters }: Call): Parameters<ProviderDirectory['accountOfUser']>[1] | null {
  const username = parameters.get('username');
  if (username !== null) return { username };
  const id = parameters.id('user_id');
  if (id !== null) return id === 'none' ? null : { id };
  const email = parameters.get('email');
  return email === null ? null : { email };
}

async function shown(providers: ProviderDirectory, call: Call, account: Account | null): ReturnType<Endpoint['run']> {
  if (account === null) return fail(NOT_FOUND);
  const users = await usersOf(providers, call, [account]);
  return oneOf({ account, users: users.get(account.id) ?? [] }, writeAccount(call));
}

/** Users by account, one question for all; only XML shows them. */
async function usersOf(providers: ProviderDirectory, { tenant, format }: Call, accounts: readonly Account[]) {
  const users =
    format === 'xml'
      ? await providers.users(
          tenant.id,
          accounts.map(({ id }) => id),
        )
      : [];
  const byAccount = new Map<number, (typeof users)[number][]>();
  for (const user of users) {
    const group = byAccount.get(user.account);
    if (group === undefined) byAccount.set(user.account, [user]);
    else group.push(user);
  }
  return byAccount;
}
