export interface Plan {
  readonly id: number;
  readonly name: string;
  readonly product: number;
}

export interface Application {
  readonly id: number;
  readonly account: number;
  readonly plan: Plan & { readonly productName: string };
  readonly state: string;
  readonly createdAt: number;
}

export interface Fact {
  readonly application: Application;
  readonly metric: string;
  readonly at: number;
  readonly value: number;
}

export interface Asked {
  readonly planName: string;
  readonly service: number | null;
  readonly state: string | null;
  readonly days: number;
  readonly metric: string;
  readonly zone: string;
  /** The last date of the window. */
  readonly until: string;
}

const GROUPS = ['never_used', 'stopped', 'consistent'];
const HOUR_MS = 3_600_000;

/** Contract 6.2 in the simplest words that say it. */
export function bruteForce(
  { planName, service, state, days, metric, zone, until }: Asked,
  applications: readonly Application[],
  facts: readonly Fact[],
): { rows: object[]; summary: object } {
  const dates = datesUntil(until, days, zone);
  const half = Math.floor(days / 2);
  const cohort = applications
    .filter(({ plan }) => plan.name === planName && (service === null || plan.product === service))
    .filter((application) => state === null || application.state === state)
    .filter(({ createdAt }) => dates.includes(dateOf(createdAt, zone)));
  const rows = cohort.map((application) => {
    const values = dates.map((date) =>
      sum(
        facts
          .filter(
            (fact) => fact.application === application && fact.metric === metric && dateOf(fact.at, zone) === date,
          )
          .map(({ value }) => value),
      ),
    );
    const [total, first, second] = [sum(values), sum(values.slice(0, half)), sum(values.slice(days - half))];
    const group = total === 0 ? 'never_used' : second === 0 ? 'stopped' : 'consistent';
    const active = dates.filter((_, day) => (values[day] ?? 0) > 0);
    return {
      application,
      row: {
        id: application.id,
        group,
        values,
        hits: [total, first, second],
        growth: group === 'consistent' && first > 0 ? percent(second - first, first) : null,
        late: group === 'consistent' && first === 0,
        active: [active.length, active[0] ?? null, active.at(-1) ?? null],
      },
    };
  });
  rows.sort(
    (a, b) =>
      GROUPS.indexOf(a.row.group) - GROUPS.indexOf(b.row.group) ||
      (a.row.group === 'never_used' ? a.application.createdAt - b.application.createdAt : 0) ||
      (a.row.group === 'stopped' ? (b.row.hits[0] ?? 0) - (a.row.hits[0] ?? 0) : 0) ||
      (a.row.group === 'consistent' && a.row.growth !== b.row.growth
        ? (b.row.growth ?? -Infinity) - (a.row.growth ?? -Infinity)
        : 0) ||
      a.row.id - b.row.id,
  );
  const accounts = [...new Set(cohort.map(({ account }) => account))].map((account) =>
    Math.max(
      ...rows.filter((each) => each.application.account === account).map(({ row }) => GROUPS.indexOf(row.group)),
    ),
  );
  const grown = rows.filter(({ row }) => row.group === 'consistent' && !row.late);
  const before = sum(grown.map(({ row }) => row.hits[1] ?? 0));
  const after = sum(grown.map(({ row }) => row.hits[2] ?? 0));
  const groups = GROUPS.map((name, index) => {
    const inGroup = rows.filter(({ row }) => row.group === name);
    return [
      name,
      {
        applications: inGroup.length,
        accounts: accounts.filter((best) => best === index).length,
        share_percent: rows.length === 0 ? null : percent(inGroup.length, rows.length),
        ...(name === 'consistent'
          ? {
              growth_percent: before === 0 ? null : percent(after - before, before),
              late_starts: rows.filter(({ row }) => row.late).length,
            }
          : {}),
      },
    ];
  });
  return {
    rows: rows.map(({ row }) => row),
    summary: { applications: rows.length, accounts: accounts.length, groups: Object.fromEntries(groups) },
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();
const dateCache = new Map<string, string>();

function dateOf(at: number, zone: string): string {
  const key = `${zone} ${at}`;
  let date = dateCache.get(key);
  if (date === undefined) {
    let format = formats.get(zone);
    if (format === undefined) {
      format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
      formats.set(zone, format);
    }
    dateCache.set(key, (date = format.format(at)));
  }
  return date;
}

/** The last dates that the zone's calendar shows, found by looking at every hour. */
function datesUntil(until: string, days: number, zone: string): string[] {
  const dates = new Set<string>();
  for (let at = Date.parse(`${until}T00:00:00Z`) + 40 * HOUR_MS; ; at -= HOUR_MS) {
    const date = dateOf(at, zone);
    if (date > until) continue;
    if (dates.size === days && !dates.has(date)) return [...dates].toReversed();
    dates.add(date);
  }
}

/** One decimal, half away from zero. */
function percent(part: number, whole: number): number {
  const tenths = Math.floor((Math.abs(part) * 2000 + whole) / (2 * whole)) / 10;
  return part < 0 && tenths > 0 ? -tenths : tenths;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
