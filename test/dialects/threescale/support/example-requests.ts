/** What the examples of the API reference answer, by the name of the example: path without suffix, and query. */
const RANGE = 'since=2024-03-01&until=2024-03-10&granularity=day';

export const exampleRequests: Readonly<Record<string, readonly [path: string, query: string]>> = {
  applications: ['/admin/api/applications', 'page=1&per_page=1'],
  application: ['/admin/api/applications/find', 'application_id=41'],
  applicationsOfAccount: ['/admin/api/accounts/17/applications', 'state=live'],
  accounts: ['/admin/api/accounts', 'page=1&per_page=1'],
  account: ['/admin/api/accounts/17', ''],
  users: ['/admin/api/accounts/17/users', ''],
  user: ['/admin/api/accounts/17/users/23', ''],
  services: ['/admin/api/services', 'page=1&per_page=1'],
  service: ['/admin/api/services/7', ''],
  metrics: ['/admin/api/services/7/metrics', ''],
  metric: ['/admin/api/services/7/metrics/11', ''],
  methods: ['/admin/api/services/7/metrics/11/methods', ''],
  method: ['/admin/api/services/7/metrics/11/methods/12', ''],
  plans: ['/admin/api/services/7/application_plans', ''],
  plan: ['/admin/api/services/7/application_plans/3', ''],
  limits: ['/admin/api/application_plans/3/metrics/12/limits', ''],
  applicationUsage: ['/stats/applications/41/usage', `metric_name=hits&${RANGE}`],
  serviceUsage: ['/stats/services/7/usage', `metric_name=hits&${RANGE}`],
  noBackend: ['/stats/backend_apis/1/usage', ''],
  applicationCodes: ['/stats/applications/41/usage_response_code', `response_code=2XX&${RANGE}`],
  serviceCodes: ['/stats/services/7/usage_response_code', `response_code=2XX&${RANGE}`],
  topApplications: ['/stats/services/7/top_applications', 'metric_name=hits&period=month&since=2024-03-01'],
  applicationSummary: ['/stats/applications/41/summary', ''],
  serviceSummary: ['/stats/services/7/summary', ''],
};

/** What the examples' tenant used. */
export const exampleUse = [
  ['02', 12, 200],
  ['03', 9, 404],
  ['06', 14, 200],
  ['08', 20, 503],
  ['09', 7, 200],
].map(([day, value, code]) => ({ time: `2024-03-${day}T10:00:00Z`, value: Number(value), code: Number(code) }));
