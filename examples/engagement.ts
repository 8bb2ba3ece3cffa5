#!/usr/bin/env node
/**
 * Who signed up for a plan lately, and never called, stopped, or keeps calling: through the Account Management and
 * Analytics APIs of 3scale. The report `GET /stats/reports/engagement.csv` gives the same in one request.
 *
 *     npx tsx engagement.ts https://stats.example.com ACCESS_TOKEN [PLAN] [DAYS]
 *
 * The token needs the scopes account_management and stats. Prints CSV; needs no package. A certificate that signs itself
 * is trusted with NODE_EXTRA_CA_CERTS=server.pem.
 */

interface Application {
  readonly id: number;
  readonly created_at: string;
  readonly plan_name: string;
  readonly account_id: number;
}
interface ApplicationsPage {
  readonly applications: readonly { readonly application: Application }[];
}
interface Usage {
  readonly period: { readonly until: string };
  readonly values: readonly number[];
}
interface User {
  readonly id: number;
  readonly role: string;
  readonly email: string;
  readonly first_name?: string;
  readonly last_name?: string;
}
interface UsersPage {
  readonly users: readonly { readonly user: User }[];
}

const DAY_MS = 86_400_000;
const PER_PAGE = 500;
/** Requests under way at a time: a server answers one client's faster so, and others still get their turn. */
const AT_ONCE = 4;

class Api {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async #get(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const query = new URLSearchParams({ ...parameters, access_token: this.#token });
    const response = await fetch(`${this.#url}${path}?${query.toString()}`);
    if (response.status !== 200) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    return response.json();
  }

  /** The whole list, page by page, until a page is not full. */
  async applications(): Promise<Application[]> {
    const all: Application[] = [];
    for (let page = 1; ; page += 1) {
      const parameters = { page: String(page), per_page: String(PER_PAGE) };
      const { applications } = (await this.#get('/admin/api/applications.json', parameters)) as ApplicationsPage;
      all.push(...applications.map(({ application }) => application));
      if (applications.length < PER_PAGE) return all;
    }
  }

  /** Hits of each day of the provider's zone, both ends included. */
  async usage(application: number, since: string, until: string): Promise<readonly number[]> {
    return (await this.#usage(application, { since, until, granularity: 'day' })).values;
  }

  /** The day that it is now in the provider's zone, which the scripts need not know: `2026-03-10`. */
  async today(application: number): Promise<string> {
    return dayOf((await this.#usage(application, { period: 'day' })).period.until);
  }

  async #usage(application: number, parameters: Readonly<Record<string, string>>): Promise<Usage> {
    const path = `/stats/applications/${application}/usage.json`;
    return (await this.#get(path, { ...parameters, metric_name: 'hits' })) as Usage;
  }

  async users(account: number): Promise<readonly User[]> {
    const { users } = (await this.#get(`/admin/api/accounts/${account}/users.json`)) as UsersPage;
    return users.map(({ user }) => user).toSorted((a, b) => a.id - b.id);
  }
}

/** Times are told in the provider's zone, so that they begin with its day. */
function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** The account's first admin, or else its first user. */
function contactOf(users: readonly User[]): { name: string; email: string } {
  const user = users.find(({ role }) => role === 'admin') ?? users[0];
  const names = [user?.first_name, user?.last_name].map((name) => name?.trim() ?? '').filter((name) => name !== '');
  return { name: names.join(' '), email: user?.email ?? '' };
}

function classify(values: readonly number[]): { group: string; total: number; growth: number | null } {
  const half = Math.floor(values.length / 2);
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
  const [total, first, second] = [sum(values), sum(values.slice(0, half)), sum(values.slice(values.length - half))];
  if (total === 0) return { group: 'never_used', total, growth: null };
  if (second === 0) return { group: 'stopped', total, growth: null };
  return { group: 'consistent', total, growth: first === 0 ? null : percent(second - first, first) };
}

/** One decimal, half away from zero. */
function percent(part: number, whole: number): number {
  const tenths = Math.floor((Math.abs(part) * 2000 + whole) / (2 * whole));
  return (part < 0 ? -tenths : tenths) / 10;
}

async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}

function csv(cells: readonly (string | number | null)[]): string {
  const texts = cells.map((cell) => String(cell ?? ''));
  return texts.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',');
}

async function main([url, token, plan = 'evaluation', days = '10']: readonly string[]): Promise<void> {
  if (url === undefined || token === undefined) throw new Error('usage: engagement.ts URL ACCESS_TOKEN [PLAN] [DAYS]');
  const api = new Api(url.replace(/\/$/, ''), token);
  const onPlan = (await api.applications()).filter((application) => application.plan_name === plan);
  const until = onPlan[0] === undefined ? '' : await api.today(onPlan[0].id);
  const since = until === '' ? '' : dayOf(new Date(Date.parse(until) - (Number(days) - 1) * DAY_MS).toISOString());
  const cohort = onPlan.filter((application) => dayOf(application.created_at) >= since);
  const accounts = [...new Set(cohort.map(({ account_id: account }) => account))];
  const contacts = new Map(await eachOf(accounts, async (id) => [id, contactOf(await api.users(id))] as const));
  const rows = await eachOf(cohort, async ({ id, account_id: account }) => {
    const { group, total, growth } = classify(await api.usage(id, since, until));
    const { name = '', email = '' } = contacts.get(account) ?? {};
    return [group, id, account, name, email, total, growth?.toFixed(1) ?? null];
  });
  console.log('group,application_id,account_id,name,email,hits_total,growth_percent');
  for (const row of rows) console.log(csv(row));
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
