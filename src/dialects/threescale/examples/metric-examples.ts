import type { Examples } from './example.ts';

/** Metrics and methods (contract 3.5). */
export const metricExamples: Examples = {
  metrics: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><metrics><metric><id>11</id><name>hits</name><system_name>hits</system_name><friendly_name>Hits</friendly_name><service_id>7</service_id><description/><unit>hit</unit></metric><method><id>12</id><name>search</name><system_name>search</system_name><friendly_name>Search it</friendly_name><service_id>7</service_id><description>By name</description><metric_id>11</metric_id></method><method><id>13</id><name>forecast</name><system_name>forecast</system_name><friendly_name>Forecast</friendly_name><service_id>7</service_id><description/><metric_id>11</metric_id></method><metric><id>14</id><name>bytes</name><system_name>bytes</system_name><friendly_name>Traffic</friendly_name><service_id>7</service_id><description>Out</description><unit>byte</unit></metric></metrics>',
    json: {
      metrics: [
        {
          metric: {
            id: 11,
            name: 'hits',
            system_name: 'hits',
            friendly_name: 'Hits',
            description: '',
            unit: 'hit',
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11',
              },
            ],
          },
        },
        {
          metric: {
            id: 12,
            name: 'search',
            system_name: 'search',
            friendly_name: 'Search it',
            description: 'By name',
            unit: 'hit',
            parent_id: 11,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'parent',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11/methods/12',
              },
            ],
          },
        },
        {
          metric: {
            id: 13,
            name: 'forecast',
            system_name: 'forecast',
            friendly_name: 'Forecast',
            description: '',
            unit: 'hit',
            parent_id: 11,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'parent',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11/methods/13',
              },
            ],
          },
        },
        {
          metric: {
            id: 14,
            name: 'bytes',
            system_name: 'bytes',
            friendly_name: 'Traffic',
            description: 'Out',
            unit: 'byte',
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/14',
              },
            ],
          },
        },
      ],
    },
  },
  metric: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><metric><id>11</id><name>hits</name><system_name>hits</system_name><friendly_name>Hits</friendly_name><service_id>7</service_id><description/><unit>hit</unit></metric>',
    json: {
      metric: {
        id: 11,
        name: 'hits',
        system_name: 'hits',
        friendly_name: 'Hits',
        description: '',
        unit: 'hit',
        created_at: '2026-11-21T10:15:00Z',
        updated_at: '2026-11-21T10:15:00Z',
        links: [
          {
            rel: 'service',
            href: 'https://tallyhouse.example/admin/api/services/7',
          },
          {
            rel: 'self',
            href: 'https://tallyhouse.example/admin/api/services/7/metrics/11',
          },
        ],
      },
    },
  },
  methods: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><methods><method><id>12</id><name>search</name><system_name>search</system_name><friendly_name>Search it</friendly_name><service_id>7</service_id><description>By name</description><metric_id>11</metric_id></method><method><id>13</id><name>forecast</name><system_name>forecast</system_name><friendly_name>Forecast</friendly_name><service_id>7</service_id><description/><metric_id>11</metric_id></method></methods>',
    json: {
      methods: [
        {
          method: {
            id: 12,
            name: 'search',
            system_name: 'search',
            friendly_name: 'Search it',
            description: 'By name',
            unit: 'hit',
            parent_id: 11,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'parent',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11/methods/12',
              },
            ],
          },
        },
        {
          method: {
            id: 13,
            name: 'forecast',
            system_name: 'forecast',
            friendly_name: 'Forecast',
            description: '',
            unit: 'hit',
            parent_id: 11,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'parent',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/11/methods/13',
              },
            ],
          },
        },
      ],
    },
  },
  method: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><method><id>12</id><name>search</name><system_name>search</system_name><friendly_name>Search it</friendly_name><service_id>7</service_id><description>By name</description><metric_id>11</metric_id></method>',
    json: {
      method: {
        id: 12,
        name: 'search',
        system_name: 'search',
        friendly_name: 'Search it',
        description: 'By name',
        unit: 'hit',
        parent_id: 11,
        created_at: '2026-11-21T10:15:00Z',
        updated_at: '2026-11-21T10:15:00Z',
        links: [
          {
            rel: 'service',
            href: 'https://tallyhouse.example/admin/api/services/7',
          },
          {
            rel: 'parent',
            href: 'https://tallyhouse.example/admin/api/services/7/metrics/11',
          },
          {
            rel: 'self',
            href: 'https://tallyhouse.example/admin/api/services/7/metrics/11/methods/12',
          },
        ],
      },
    },
  },
};
