import { Option } from 'commander';
import { endpointOf, withEndpoint, type EndpointOptions } from './remote/endpoint.ts';
import { NoAnswer, refusal, request } from './remote/request.ts';
import type { CliCommand, Terminal } from './command.ts';
import { wholeNumber } from './option-values.ts';

interface EngagementOptions extends EndpointOptions {
  readonly plan?: string;
  readonly planId?: number;
  readonly service?: number;
  readonly state?: string;
  readonly days: number;
  readonly metric: string;
  readonly zone?: string;
  readonly until?: string;
  readonly organization?: string;
  readonly format: keyof typeof FORMATS;
}

/** Name on the command line to the server's. */
const FORMATS = { table: 'txt', csv: 'csv', json: 'json' } as const;
const MAX_ID = 999_999_999_999_999;

/** `tallyhouse report NAME`: answers that are composed of several, from a running server. */
export const reportCommand: CliCommand = (program, terminal) => {
  const report = program.command('report').description('ask a running server for a report');
  const engagement = report
    .command('engagement')
    .description('who signed up for a plan lately and never called, stopped, or keeps calling')
    .option('--plan <name>', 'exact name of the plan; this or --plan-id is needed')
    .option('--plan-id <id>', 'id of the plan', wholeNumber(1, MAX_ID))
    .option('--service <id>', 'only plans of this product', wholeNumber(1, MAX_ID))
    .addOption(new Option('--state <state>', 'only applications in it').choices(['live', 'pending', 'suspended']))
    .option('--days <n>', 'days of the window', wholeNumber(2, 365), 10)
    .option('--metric <name>', 'system name of the metric or method that is counted', 'hits')
    .option('--zone <zone>', "time zone of the days, e.g. Europe/Berlin (default: the organization's)")
    .option('--until <date>', 'last day of the window, e.g. 2026-03-10 (default: today)')
    .option('--organization <name>', "uid or key of another organization than the key's own")
    .addOption(
      new Option('--format <format>', 'how the report is printed').choices(Object.keys(FORMATS)).default('table'),
    );
  withEndpoint(engagement).action(async (options: EngagementOptions) => {
    await reportEngagement(options, terminal);
  });
};

async function reportEngagement(options: EngagementOptions, terminal: Terminal): Promise<void> {
  const endpoint = endpointOf(options, terminal);
  const path = `/api/v1/reports/engagement?${parametersOf(options).toString()}`;
  const response = await request(endpoint, { method: 'GET', path });
  if (response.status !== 200) throw await refusal(response, endpoint);
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw new NoAnswer(`the answer of ${endpoint.url} stopped half-way`, { cause: error });
  }
  terminal.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

function parametersOf(options: EngagementOptions): URLSearchParams {
  const { plan, planId, service, state, days, metric, zone, until, organization, format } = options;
  const given = {
    plan_name: plan,
    plan_id: planId,
    service_id: service,
    state,
    days,
    metric_name: metric,
    timezone: zone,
    until,
    organization,
    format: FORMATS[format],
  };
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters;
}
