import type { Services } from '../../dialect.ts';
import { appIdOf, openApp, type AppRead } from '../read/app-read.ts';
import { message, type Answer } from '../transport/answer.ts';
import type { Endpoint } from '../transport/call.ts';
import { durations, frequency, loyalty } from './classes.ts';
import { countries } from './countries.ts';
import { dashboard } from './dashboard.ts';
import { events } from './events.ts';
import { schemas } from './schema.ts';
import { sessions } from './sessions.ts';
import { metric, tops } from './values.ts';

type AnalyticsServices = Pick<Services, 'access' | 'directory' | 'audience' | 'clock'>;
type Read = (services: AnalyticsServices, read: AppRead) => Promise<Answer>;

const READS = { dashboard, countries, sessions, metric, tops, frequency, loyalty, durations, events } satisfies Record<
  string,
  Read
>;

/** `/o/analytics/…` (contract 4). */
export function analyticsEndpoints(services: AnalyticsServices): readonly Endpoint[] {
  const invalid = message('Invalid path, must be one of /dashboard or /countries', 400);
  return [
    ...Object.entries<Read>(READS).map(([name, run]): Endpoint => {
      const schema = schemas[name as keyof typeof READS];
      return { path: `/o/analytics/${name}`, schema, run: async (call) => open(services, run, call) };
    }),
    ...['/o/analytics', '/o/analytics/*'].map((path) => ({ path, run: async () => invalid })),
  ];
}

async function open(services: AnalyticsServices, run: Read, call: AppRead['call']): Promise<Answer> {
  const id = appIdOf(call);
  if (!id.ok) return id.problem;
  const read = await openApp(services, call, id.value);
  return read.ok ? run(services, read.value) : read.problem;
}
