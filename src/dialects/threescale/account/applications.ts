import Type from 'typebox';
import type { Application, ApplicationName } from '../../../directory/provider/applications.ts';
import type { PageFound } from '../../../directory/provider/page.ts';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { choice, date, describe, idOf } from '../describe.ts';
import type { Call, Endpoint } from '../endpoint.ts';
import { exampleOf } from '../examples/examples.ts';
import { NOT_FOUND, readRefusalOf, type ReadRefusal } from '../format/refusal.ts';
import { oneOf, pageOfList, wholeList } from './answers.ts';
import { applicationFilter, mergedTraffic, type TrafficReads } from './filters.ts';
import { pageAsked } from './paging.ts';
import { pagingParameters } from './parameters.ts';
import { ACCOUNT_API } from './scope.ts';
import { writeApplication, type ShownApplication } from './write-application.ts';

const NOTHING: PageFound<Application> = { items: [], total: 0 };
/** Of lists that are not paged: more than an account has. */
const ALL = { page: 1, perPage: Number.MAX_SAFE_INTEGER };

const STATES = choice(['pending', 'live', 'suspended'], 'Keeps applications in that state.');
const accountId = idOf('accounts', 'Id of the account.', 17);

const finding = {
  application_id: Type.Optional(idOf('applications', 'Id of the application; also `id`.', 41)),
  user_key: Type.Optional(
    Type.String({
      description: 'Of services with backend version 1; wins over `app_id`.',
      'x-values-from': 'user_keys',
    }),
  ),
  app_id: Type.Optional(
    Type.String({ description: 'Of the other services; wins over the id.', 'x-values-from': 'app_ids' }),
  ),
  service_id: Type.Optional(idOf('services', 'Narrows the search.', 7)),
};

/** Applications (contract 3.2, 3.3). */
export function applicationEndpoints(reads: TrafficReads): readonly Endpoint[] {
  const { formats } = ACCOUNT_API;
  const tag = 'Account Management API';
  return [
    {
      ...ACCOUNT_API,
      path: '/admin/api/applications',
      schema: describe({
        summary: 'Applications of all accounts',
        description:
          'By id, a page at a time. What is said of the pages (`per_page`, `total_entries`, `total_pages`, ' +
          '`current_page`) is there only when there is more than one.',
        tag,
        formats,
        query: {
          ...pagingParameters,
          service_id: Type.Optional(idOf('services', 'Keeps applications of that service.', 7)),
          plan_id: Type.Optional(idOf('plans', 'Keeps applications on that plan.', 3)),
          plan_type: Type.Optional(choice(['free', 'paid'], '`free`: no monthly cost and no setup fee.')),
          state: Type.Optional(STATES),
          active_since: Type.Optional(
            date('Keeps those whose last day with traffic began at or after it.', '2024-03-01'),
          ),
          inactive_since: Type.Optional(
            date('Keeps those whose last day with traffic began at or before it.', '2024-03-01'),
          ),
          account: Type.Optional(idOf('accounts', 'Keeps applications of that account.', 17)),
          name: Type.Optional(Type.String({ description: 'Keeps names that contain it, in any case.' })),
          user_key: Type.Optional(
            Type.String({ description: 'Keeps the application with that key.', 'x-values-from': 'user_keys' }),
          ),
          created_since: Type.Optional(date('Keeps those created at or after it.', '2024-03-01')),
          created_until: Type.Optional(date('Keeps those created at or before it.', '2024-03-10')),
        },
        examples: exampleOf('applications'),
      }),
      run: (call) => list(reads, call),
    },
    {
      ...ACCOUNT_API,
      path: '/admin/api/applications/find',
      schema: describe({
        summary: 'Find an application',
        tag,
        formats,
        query: finding,
        examples: exampleOf('application'),
      }),
      run: (call) => find(reads, call),
    },
    {
      ...ACCOUNT_API,
      path: '/admin/api/accounts/:account_id/applications',
      schema: describe({
        summary: 'Applications of an account',
        tag,
        formats,
        path: { account_id: accountId },
        query: { state: Type.Optional(STATES) },
        examples: exampleOf('applicationsOfAccount'),
      }),
      run: (call) => listOfAccount(reads, call),
    },
    {
      ...ACCOUNT_API,
      path: '/admin/api/accounts/:account_id/applications/find',
      schema: describe({
        summary: 'Find an application of an account',
        tag,
        formats,
        path: { account_id: accountId },
        query: finding,
        examples: exampleOf('application'),
      }),
      run: (call) => ofAccount(call, (account) => find(reads, call, account)),
    },
    {
      ...ACCOUNT_API,
      path: '/admin/api/accounts/:account_id/applications/:id',
      schema: describe({
        summary: 'One application',
        tag,
        formats,
        path: { account_id: accountId, id: idOf('applications', 'Id of the application.', 41) },
        examples: exampleOf('application'),
      }),
      run: (call) =>
        ofAccount(call, async (account) => {
          const id = call.parameters.id('id');
          return typeof id === 'number' ? shownOne(reads, call, { id, account }) : fail(NOT_FOUND);
        }),
    },
  ];
}

async function list(reads: TrafficReads, call: Call): ReturnType<Endpoint['run']> {
  const filter = await applicationFilter(reads, call);
  if (!filter.ok) return filter;
  const asked = pageAsked(call.parameters);
  const found =
    filter.value === null ? NOTHING : await reads.providers.applications(call.tenant.id, filter.value, asked);
  const shown = await withTraffic(reads, call, found.items);
  if (!shown.ok) return shown;
  return pageOfList('applications', asked, { items: shown.value, total: found.total }, writeApplication(call));
}

async function listOfAccount(reads: TrafficReads, call: Call): ReturnType<Endpoint['run']> {
  return ofAccount(call, async (account) => {
    const { tenant, parameters } = call;
    if ((await reads.providers.account(tenant.id, account)) === null) return fail(NOT_FOUND);
    const state = parameters.get('state');
    const filter = { account, ...(state === null ? {} : { state }) };
    const { items } = await reads.providers.applications(tenant.id, filter, ALL);
    const shown = await withTraffic(reads, call, items);
    return shown.ok ? wholeList('applications', shown.value, writeApplication(call)) : shown;
  });
}

async function ofAccount(
  { parameters }: Call,
  then: (account: number) => ReturnType<Endpoint['run']>,
): ReturnType<Endpoint['run']> {
  const account = parameters.id('account_id');
  return typeof account === 'number' ? then(account) : fail(NOT_FOUND);
}

/** The first criterion that is there decides: user key, application id of calls, id. */
async function find(reads: TrafficReads, call: Call, account?: number): ReturnType<Endpoint['run']> {
  const { parameters } = call;
  const product = parameters.id('service_id');
  if (product === 'none') return fail(NOT_FOUND);
  const by = criterionOf(call);
  if (by === null) return fail(NOT_FOUND);
  return shownOne(reads, call, account === undefined ? by : { ...by, account }, product ?? undefined);
}

function criterionOf({ parameters }: Call): ApplicationName | null {
  const userKey = parameters.get('user_key');
  if (userKey !== null) return { userKey };
  const appId = parameters.get('app_id');
  if (appId !== null) return { appId };
  const id = parameters.id('application_id') ?? parameters.id('id');
  return typeof id === 'number' ? { id } : null;
}

async function shownOne(
  reads: TrafficReads,
  call: Call,
  by: ApplicationName,
  product?: number,
): ReturnType<Endpoint['run']> {
  const found = await reads.providers.application(call.tenant.id, by, product);
  if (found === null) return fail(NOT_FOUND);
  const shown = await withTraffic(reads, call, [found]);
  if (!shown.ok) return shown;
  const [one] = shown.value;
  return one === undefined ? fail(NOT_FOUND) : oneOf(one, writeApplication(call));
}

/** What the facts know of the applications' traffic, one question for all. */
async function withTraffic(
  { traffic }: TrafficReads,
  { tenant, signal }: Call,
  applications: readonly Application[],
): Promise<Result<readonly ShownApplication[], ReadRefusal>> {
  if (applications.length === 0) return ok([]);
  const scope = { organizations: [tenant.id], only: { application: applications.map(({ id }) => id) } };
  const found = await traffic.firstOf(scope, { tag: 'threescale:applications', signal });
  if (!found.ok) return fail(readRefusalOf(found.problem));
  return ok(
    applications.map((application) => ({
      application,
      traffic: mergedTraffic(found.value.get(application.id), application.firstTrafficAt),
    })),
  );
}
