import { expect, test } from 'vitest';
import { cohortOf, plansOf, productsWithMetric } from '../../src/directory/cohort.ts';
import { organizationId, type OrganizationId } from '../../src/domain/scope.ts';
import { epochMs } from '../../src/domain/time/instant.ts';
import type { Records } from '../../src/store/records/records.ts';
import { engines, migrated } from '../store/records/engines.ts';
import { worldOn } from './support/world.ts';

/** Two tenants with the same ids; the second has what the first must not see. */
const tenant = (key: string, name: string): string => `
  - key: ${key}
    name: ${name}
    products:
      - {id: 7, system_name: weather, name: Weather, metrics: [{id: 11, system_name: hits, methods: [{id: 12, system_name: search}]}],
         plans: [{id: 3, system_name: e, name: evaluation}, {id: 4, system_name: g, name: gold}]}
      - {id: 8, system_name: maps, name: Maps, metrics: [{id: 21, system_name: hits}], plans: [{id: 5, system_name: e, name: evaluation}]}
    accounts:
      - id: 17
        org_name: ${name} 17
        state: approved
        users:
          - {id: 21, username: m, email: m@x.example, role: member}
          - {id: 23, username: b, email: b@x.example, role: admin, last_name: ${name}}
          - {id: 22, username: a, email: a@x.example, role: admin, first_name: ${name}}
        applications:
          - {id: 41, product: weather, plan: e, name: First, state: live, user_key: k1, created_at: "2026-03-01T00:00:00Z"}
          - {id: 42, product: weather, plan: e, name: Late, state: live, user_key: k2, created_at: "2026-03-11T00:00:00Z"}
          - {id: 43, product: maps, plan: e, name: Other, state: suspended, user_key: k3, created_at: "2026-03-10T23:59:59Z"}
          - {id: 44, product: weather, plan: g, name: Gold, state: live, user_key: k4, created_at: "2026-03-05T00:00:00Z"}
      - {id: 18, org_name: ${name} 18, state: approved, users: [{id: 25, username: z, email: z@x.example, role: member}, {id: 24, username: y, email: y@x.example, role: member}],
         applications: [{id: 45, product: weather, plan: e, name: Members, state: live, user_key: k5, created_at: "2026-03-05T00:00:00Z"}]}
      - {id: 19, org_name: ${name} 19, state: approved, applications: [{id: 46, product: weather, plan: e, name: Nobody, state: live, user_key: k6, created_at: "2026-03-05T00:00:00Z"}]}`;

async function tenantsOn(records: Records): Promise<OrganizationId> {
  await worldOn(records).report(`organizations:${tenant('NORTH', 'North')}${tenant('SOUTH', 'South')}`);
  const { id } = await records.db
    .selectFrom('organizations')
    .select('id')
    .where('key', '=', 'NORTH')
    .executeTakeFirstOrThrow();
  return organizationId(id);
}

const created = { from: epochMs(Date.parse('2026-03-01T00:00:00Z')), to: epochMs(Date.parse('2026-03-11T00:00:00Z')) };

test.each(engines)('$name: plans are found by exact name and id, metrics by product', async ({ newStore }) => {
  const records = await migrated(newStore);
  const organization = await tenantsOn(records);
  const ids = async (by: { name: string | null; id: number | null }): Promise<number[]> =>
    (await plansOf(records.db, organization, by)).map(({ id }) => id);
  expect(await ids({ name: 'evaluation', id: null })).toEqual([3, 5]);
  expect(await ids({ name: 'Evaluation', id: null })).toEqual([]);
  expect(await ids({ name: null, id: 4 })).toEqual([4]);
  expect(await ids({ name: 'evaluation', id: 4 })).toEqual([]);
  expect([...(await productsWithMetric(records.db, organization, 'search'))]).toEqual([7]);
  expect([...(await productsWithMetric(records.db, organization, 'hits'))].toSorted((a, b) => a - b)).toEqual([7, 8]);
});

test.each(engines)(
  '$name: the cohort is who signed up within the range, each with one contact',
  async ({ newStore }) => {
    const records = await migrated(newStore);
    const organization = await tenantsOn(records);
    const members = async (plans: readonly number[], state: string | null = null): Promise<unknown[]> =>
      (await cohortOf(records.db, { organization, plans, created, state }))
        .toSorted((a, b) => a.application - b.application)
        .map(({ application, orgName, person }) => [
          application,
          orgName,
          person?.email ?? null,
          person?.firstName ?? null,
        ]);
    expect(await members([3, 5])).toEqual([
      [41, 'North 17', 'a@x.example', 'North'],
      [43, 'North 17', 'a@x.example', 'North'],
      [45, 'North 18', 'y@x.example', null],
      [46, 'North 19', null, null],
    ]);
    expect(await members([3, 5], 'suspended')).toEqual([[43, 'North 17', 'a@x.example', 'North']]);
    expect(await members([])).toEqual([]);
  },
);

test('SQLite finds the cohort by its index, and each contact by the account', async () => {
  const [{ newStore }] = engines as [(typeof engines)[number]];
  const records = await migrated(newStore);
  const organization = await tenantsOn(records);
  const queries: string[] = [];
  const seen = records.db.withPlugin({
    transformQuery: ({ node }) => {
      queries.push(records.db.getExecutor().compileQuery(node, { queryId: 'plan' }).sql);
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await cohortOf(seen as typeof records.db, { organization, plans: [3], created, state: null });
  expect(queries).toHaveLength(1);
  const plan = await records.db.getExecutor().executeQuery<{ detail: string }>({
    sql: `EXPLAIN QUERY PLAN ${queries[0] ?? ''}`,
    parameters: [1, 3, 0, 1],
    query: { kind: 'RawNode' },
    queryId: { queryId: 'plan' },
  } as never);
  const details = plan.rows.map(({ detail }) => detail).join('\n');
  expect(details).toContain('applications_by_plan_and_time');
  expect(details).toContain('account_users_by_account_id');
});
