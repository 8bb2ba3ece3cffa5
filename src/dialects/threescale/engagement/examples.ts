const ROW = {
  group: 'consistent',
  application_id: 41,
  application_name: 'Weather widget',
  account_id: 17,
  org_name: "Ann's lab",
  name: 'Ann Lee',
  email: 'ann@lab.example',
  plan_name: 'evaluation',
  service_id: 7,
  state: 'live',
  created_at: '2024-03-02T08:15:00Z',
  hits_total: 62,
  hits_first_half: 21,
  hits_second_half: 41,
  growth_percent: 95.2,
  late_start: false,
  active_days: 5,
  first_day: '2024-03-02',
  last_day: '2024-03-09',
  values: [0, 12, 9, 0, 0, 14, 0, 20, 7, 0],
};

/** What the API reference shows before anything is sent. */
export const EXAMPLES = {
  json: {
    parameters: {
      plan_name: 'evaluation',
      days: 10,
      metric_name: 'hits',
      timezone: 'Etc/UTC',
      since: '2024-03-01',
      until: '2024-03-10',
      first_half: ['2024-03-01', '2024-03-05'],
      second_half: ['2024-03-06', '2024-03-10'],
    },
    summary: {
      applications: 1,
      accounts: 1,
      groups: {
        never_used: { applications: 0, accounts: 0, share_percent: 0 },
        stopped: { applications: 0, accounts: 0, share_percent: 0 },
        consistent: { applications: 1, accounts: 1, share_percent: 100, growth_percent: 95.2, late_starts: 0 },
      },
    },
    applications: [ROW],
  },
  csv: [
    'group,application_id,application_name,account_id,org_name,name,email,plan_name,service_id,state,created_at,hits_total,' +
      'hits_first_half,hits_second_half,growth_percent,late_start,active_days,first_day,last_day',
    "consistent,41,Weather widget,17,Ann's lab,Ann Lee,ann@lab.example,evaluation,7,live,2024-03-02T08:15:00Z,62,21,41,95.2," +
      'false,5,2024-03-02,2024-03-09',
    '',
  ].join('\r\n'),
  txt: `Engagement of new applications on plan "evaluation"
Window          2024-03-01 to 2024-03-10, 10 days, Etc/UTC
Halves          2024-03-01 to 2024-03-05, 2024-03-06 to 2024-03-10
Metric          hits
Applications    1 of 1 accounts
never_used      0 of 0 accounts, 0.0 %
stopped         0 of 0 accounts, 0.0 %
consistent      1 of 1 accounts, 100.0 %, growth 95.2 %, 0 late starts
`,
};
