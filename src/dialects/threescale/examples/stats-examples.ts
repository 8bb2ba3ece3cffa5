import type { Examples } from './example.ts';

/** The Analytics API (contract 4). */
export const statsExamples: Examples = {
  applicationUsage: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><usage><metric><id>11</id><name>Hits</name><system_name>hits</system_name><unit>hit</unit></metric><period><since>2024-03-01 00:00:00 UTC</since><until>2024-03-10 23:59:59 UTC</until><name/><granularity>day</granularity></period><data><total>62</total><values length="10">0,12,9,0,0,14,0,20,7,0</values></data><application><id>41</id><name>Weather widget</name><plan><id>3</id><name>evaluation</name></plan><account><name>Ann\'s lab</name><id>17</id></account></application></usage>',
    json: {
      metric: {
        id: 11,
        name: 'Hits',
        system_name: 'hits',
        unit: 'hit',
      },
      period: {
        name: null,
        since: '2024-03-01T00:00:00Z',
        until: '2024-03-10T23:59:59Z',
        timezone: 'Etc/UTC',
        granularity: 'day',
      },
      total: 62,
      values: [0, 12, 9, 0, 0, 14, 0, 20, 7, 0],
      application: {
        id: 41,
        name: 'Weather widget',
        state: 'live',
        link: '/p/admin/applications/41',
        description: 'hobby project',
        plan: {
          id: 3,
          name: 'evaluation',
        },
        account: {
          id: 17,
          name: "Ann's lab",
          link: '/buyers/accounts/17',
        },
        service: {
          id: 7,
        },
      },
    },
    csv: 'Metric System Name,Metric Name,Date,Value\nhits,Hits,2024-03-01 00:00:00 UTC,0\nhits,Hits,2024-03-02 00:00:00 UTC,12\nhits,Hits,2024-03-03 00:00:00 UTC,9\nhits,Hits,2024-03-04 00:00:00 UTC,0\nhits,Hits,2024-03-05 00:00:00 UTC,0\nhits,Hits,2024-03-06 00:00:00 UTC,14\nhits,Hits,2024-03-07 00:00:00 UTC,0\nhits,Hits,2024-03-08 00:00:00 UTC,20\nhits,Hits,2024-03-09 00:00:00 UTC,7\nhits,Hits,2024-03-10 00:00:00 UTC,0\n',
  },
  serviceUsage: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><usage><metric><id>11</id><name>Hits</name><system_name>hits</system_name><unit>hit</unit></metric><period><since>2024-03-01 00:00:00 UTC</since><until>2024-03-10 23:59:59 UTC</until><name/><granularity>day</granularity></period><data><total>62</total><values length="10">0,12,9,0,0,14,0,20,7,0</values></data></usage>',
    json: {
      metric: {
        id: 11,
        name: 'Hits',
        system_name: 'hits',
        unit: 'hit',
      },
      period: {
        name: null,
        since: '2024-03-01T00:00:00Z',
        until: '2024-03-10T23:59:59Z',
        timezone: 'Etc/UTC',
        granularity: 'day',
      },
      total: 62,
      values: [0, 12, 9, 0, 0, 14, 0, 20, 7, 0],
    },
    csv: 'Metric System Name,Metric Name,Date,Value\nhits,Hits,2024-03-01 00:00:00 UTC,0\nhits,Hits,2024-03-02 00:00:00 UTC,12\nhits,Hits,2024-03-03 00:00:00 UTC,9\nhits,Hits,2024-03-04 00:00:00 UTC,0\nhits,Hits,2024-03-05 00:00:00 UTC,0\nhits,Hits,2024-03-06 00:00:00 UTC,14\nhits,Hits,2024-03-07 00:00:00 UTC,0\nhits,Hits,2024-03-08 00:00:00 UTC,20\nhits,Hits,2024-03-09 00:00:00 UTC,7\nhits,Hits,2024-03-10 00:00:00 UTC,0\n',
  },
  noBackend: {
    json: {
      status: 'Not found',
    },
  },
  applicationCodes: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><usage><response_code><code>2XX</code></response_code><period><since>2024-03-01 00:00:00 UTC</since><until>2024-03-10 23:59:59 UTC</until><name/><granularity>day</granularity></period><data><total>3</total><values length="10">0,1,0,0,0,1,0,0,1,0</values></data><application><id>41</id><name>Weather widget</name><plan><id>3</id><name>evaluation</name></plan><account><name>Ann\'s lab</name><id>17</id></account></application></usage>',
    json: {
      response_code: {
        code: '2XX',
      },
      period: {
        name: null,
        since: '2024-03-01T00:00:00Z',
        until: '2024-03-10T23:59:59Z',
        timezone: 'Etc/UTC',
        granularity: 'day',
      },
      total: 3,
      values: [0, 1, 0, 0, 0, 1, 0, 0, 1, 0],
      application: {
        id: 41,
        name: 'Weather widget',
        state: 'live',
        link: '/p/admin/applications/41',
        description: 'hobby project',
        plan: {
          id: 3,
          name: 'evaluation',
        },
        account: {
          id: 17,
          name: "Ann's lab",
          link: '/buyers/accounts/17',
        },
        service: {
          id: 7,
        },
      },
    },
    csv: 'Response Code,Date,Value\n2XX,2024-03-01 00:00:00 UTC,0\n2XX,2024-03-02 00:00:00 UTC,1\n2XX,2024-03-03 00:00:00 UTC,0\n2XX,2024-03-04 00:00:00 UTC,0\n2XX,2024-03-05 00:00:00 UTC,0\n2XX,2024-03-06 00:00:00 UTC,1\n2XX,2024-03-07 00:00:00 UTC,0\n2XX,2024-03-08 00:00:00 UTC,0\n2XX,2024-03-09 00:00:00 UTC,1\n2XX,2024-03-10 00:00:00 UTC,0\n',
  },
  serviceCodes: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><usage><response_code><code>2XX</code></response_code><period><since>2024-03-01 00:00:00 UTC</since><until>2024-03-10 23:59:59 UTC</until><name/><granularity>day</granularity></period><data><total>3</total><values length="10">0,1,0,0,0,1,0,0,1,0</values></data></usage>',
    json: {
      response_code: {
        code: '2XX',
      },
      period: {
        name: null,
        since: '2024-03-01T00:00:00Z',
        until: '2024-03-10T23:59:59Z',
        timezone: 'Etc/UTC',
        granularity: 'day',
      },
      total: 3,
      values: [0, 1, 0, 0, 0, 1, 0, 0, 1, 0],
    },
    csv: 'Response Code,Date,Value\n2XX,2024-03-01 00:00:00 UTC,0\n2XX,2024-03-02 00:00:00 UTC,1\n2XX,2024-03-03 00:00:00 UTC,0\n2XX,2024-03-04 00:00:00 UTC,0\n2XX,2024-03-05 00:00:00 UTC,0\n2XX,2024-03-06 00:00:00 UTC,1\n2XX,2024-03-07 00:00:00 UTC,0\n2XX,2024-03-08 00:00:00 UTC,0\n2XX,2024-03-09 00:00:00 UTC,1\n2XX,2024-03-10 00:00:00 UTC,0\n',
  },
  topApplications: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><top><metric><id>11</id><name>Hits</name><system_name>hits</system_name><unit>hit</unit></metric><period><name>month</name><since>2024-03-01 00:00:00 UTC</since><until>2024-03-31 23:59:59 UTC</until></period><applications><application><value>62</value><id>41</id><name>Weather widget</name><plan><id>3</id><name>evaluation</name></plan><account><name>Ann\'s lab</name><id>17</id></account></application></applications></top>',
    json: {
      applications: [
        {
          name: 'Weather widget',
          id: 41,
          value: '62',
          account: {
            id: 17,
            name: "Ann's lab",
          },
          plan: {
            id: 3,
            name: 'evaluation',
          },
          service: {
            id: 7,
          },
        },
      ],
      metric: {
        id: 11,
        name: 'Hits',
        system_name: 'hits',
        unit: 'hit',
      },
      period: {
        name: 'month',
        since: '2024-03-01T00:00:00Z',
        until: '2024-03-31T23:59:59Z',
      },
    },
    csv: "Application Name,Application ID,Plan Name,Plan ID,Account Name,Account ID,Total\nWeather widget,41,evaluation,3,Ann's lab,17,62\n",
  },
  applicationSummary: {
    json: {
      metrics: [
        {
          metric: {
            id: 11,
            system_name: 'hits',
            friendly_name: 'Hits',
            unit: 'hit',
            description: null,
            parent_id: null,
            service_id: 7,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
          },
        },
        {
          metric: {
            id: 14,
            system_name: 'bytes',
            friendly_name: 'Traffic',
            unit: 'byte',
            description: 'Out',
            parent_id: null,
            service_id: 7,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
          },
        },
      ],
      methods: [
        {
          metric: {
            id: 12,
            system_name: 'search',
            friendly_name: 'Search it',
            unit: 'hit',
            description: 'By name',
            parent_id: 11,
            service_id: 7,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
          },
        },
        {
          metric: {
            id: 13,
            system_name: 'forecast',
            friendly_name: 'Forecast',
            unit: 'hit',
            description: null,
            parent_id: 11,
            service_id: 7,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
          },
        },
      ],
    },
  },
  serviceSummary: {
    json: [
      {
        metric: {
          id: 12,
          system_name: 'search',
          friendly_name: 'Search it',
          unit: 'hit',
          description: 'By name',
          parent_id: 11,
          service_id: 7,
          created_at: '2026-11-21T10:15:00Z',
          updated_at: '2026-11-21T10:15:00Z',
        },
      },
      {
        metric: {
          id: 13,
          system_name: 'forecast',
          friendly_name: 'Forecast',
          unit: 'hit',
          description: null,
          parent_id: 11,
          service_id: 7,
          created_at: '2026-11-21T10:15:00Z',
          updated_at: '2026-11-21T10:15:00Z',
        },
      },
    ],
  },
};
