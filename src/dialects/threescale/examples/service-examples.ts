import type { Examples } from './example.ts';

/** Services and plans (contract 3.5). */
export const serviceExamples: Examples = {
  services: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><services per_page="1" total_entries="3" total_pages="3" current_page="1"><service><id>7</id><account_id/><name>Weather</name><state>active</state><system_name>weather</system_name><backend_version>1</backend_version><description>Forecasts &amp; &lt;radar&gt;</description><intentions_required>false</intentions_required><buyers_manage_apps>true</buyers_manage_apps><buyers_manage_keys>true</buyers_manage_keys><referrer_filters_required>false</referrer_filters_required><custom_keys_enabled>true</custom_keys_enabled><buyer_key_regenerate_enabled>true</buyer_key_regenerate_enabled><mandatory_app_key>true</mandatory_app_key><buyer_can_select_plan>false</buyer_can_select_plan><buyer_plan_change_permission>request</buyer_plan_change_permission><deployment_option>self_managed</deployment_option><support_email/><metrics><metric><id>11</id><name>hits</name><system_name>hits</system_name><friendly_name>Hits</friendly_name><service_id>7</service_id><description/><unit>hit</unit></metric><method><id>12</id><name>search</name><system_name>search</system_name><friendly_name>Search it</friendly_name><service_id>7</service_id><description>By name</description><metric_id>11</metric_id></method><method><id>13</id><name>forecast</name><system_name>forecast</system_name><friendly_name>Forecast</friendly_name><service_id>7</service_id><description/><metric_id>11</metric_id></method><metric><id>14</id><name>bytes</name><system_name>bytes</system_name><friendly_name>Traffic</friendly_name><service_id>7</service_id><description>Out</description><unit>byte</unit></metric></metrics></service></services>',
    json: {
      services: [
        {
          service: {
            id: 7,
            name: 'Weather',
            state: 'active',
            system_name: 'weather',
            backend_version: '1',
            description: 'Forecasts & <radar>',
            intentions_required: false,
            buyers_manage_apps: true,
            buyers_manage_keys: true,
            referrer_filters_required: false,
            custom_keys_enabled: true,
            buyer_key_regenerate_enabled: true,
            mandatory_app_key: true,
            buyer_can_select_plan: false,
            buyer_plan_change_permission: 'request',
            deployment_option: 'self_managed',
            support_email: '',
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'metrics',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'application_plans',
                href: 'https://tallyhouse.example/admin/api/services/7/application_plans',
              },
            ],
          },
        },
      ],
      metadata: {
        per_page: 1,
        total_entries: 3,
        total_pages: 3,
        current_page: 1,
      },
    },
  },
  service: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><service><id>7</id><account_id/><name>Weather</name><state>active</state><system_name>weather</system_name><backend_version>1</backend_version><description>Forecasts &amp; &lt;radar&gt;</description><intentions_required>false</intentions_required><buyers_manage_apps>true</buyers_manage_apps><buyers_manage_keys>true</buyers_manage_keys><referrer_filters_required>false</referrer_filters_required><custom_keys_enabled>true</custom_keys_enabled><buyer_key_regenerate_enabled>true</buyer_key_regenerate_enabled><mandatory_app_key>true</mandatory_app_key><buyer_can_select_plan>false</buyer_can_select_plan><buyer_plan_change_permission>request</buyer_plan_change_permission><deployment_option>self_managed</deployment_option><support_email/><metrics><metric><id>11</id><name>hits</name><system_name>hits</system_name><friendly_name>Hits</friendly_name><service_id>7</service_id><description/><unit>hit</unit></metric><method><id>12</id><name>search</name><system_name>search</system_name><friendly_name>Search it</friendly_name><service_id>7</service_id><description>By name</description><metric_id>11</metric_id></method><method><id>13</id><name>forecast</name><system_name>forecast</system_name><friendly_name>Forecast</friendly_name><service_id>7</service_id><description/><metric_id>11</metric_id></method><metric><id>14</id><name>bytes</name><system_name>bytes</system_name><friendly_name>Traffic</friendly_name><service_id>7</service_id><description>Out</description><unit>byte</unit></metric></metrics></service>',
    json: {
      service: {
        id: 7,
        name: 'Weather',
        state: 'active',
        system_name: 'weather',
        backend_version: '1',
        description: 'Forecasts & <radar>',
        intentions_required: false,
        buyers_manage_apps: true,
        buyers_manage_keys: true,
        referrer_filters_required: false,
        custom_keys_enabled: true,
        buyer_key_regenerate_enabled: true,
        mandatory_app_key: true,
        buyer_can_select_plan: false,
        buyer_plan_change_permission: 'request',
        deployment_option: 'self_managed',
        support_email: '',
        created_at: '2026-11-21T10:15:00Z',
        updated_at: '2026-11-21T10:15:00Z',
        links: [
          {
            rel: 'metrics',
            href: 'https://tallyhouse.example/admin/api/services/7/metrics',
          },
          {
            rel: 'self',
            href: 'https://tallyhouse.example/admin/api/services/7',
          },
          {
            rel: 'application_plans',
            href: 'https://tallyhouse.example/admin/api/services/7/application_plans',
          },
        ],
      },
    },
  },
  plans: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><plans><plan custom="false" default="true"><id>3</id><name>evaluation</name><type>application_plan</type><state>published</state><approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period><service_id>7</service_id></plan><plan custom="false" default="false"><id>4</id><name>Pro</name><type>application_plan</type><state>published</state><approval_required>true</approval_required><setup_fee>0.0</setup_fee><cost_per_month>49.5</cost_per_month><trial_period_days>30</trial_period_days><cancellation_period>0</cancellation_period><service_id>7</service_id></plan><plan custom="false" default="false"><id>5</id><name>Set up once</name><type>application_plan</type><state>hidden</state><approval_required>false</approval_required><setup_fee>10.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period><service_id>7</service_id></plan></plans>',
    json: {
      plans: [
        {
          application_plan: {
            id: 3,
            name: 'evaluation',
            state: 'published',
            setup_fee: 0,
            cost_per_month: 0,
            trial_period_days: 0,
            cancellation_period: 0,
            approval_required: false,
            default: true,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            custom: false,
            system_name: 'evaluation',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/application_plans/3',
              },
            ],
          },
        },
        {
          application_plan: {
            id: 4,
            name: 'Pro',
            state: 'published',
            setup_fee: 0,
            cost_per_month: 49.5,
            trial_period_days: 30,
            cancellation_period: 0,
            approval_required: true,
            default: false,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            custom: false,
            system_name: 'pro',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/application_plans/4',
              },
            ],
          },
        },
        {
          application_plan: {
            id: 5,
            name: 'Set up once',
            state: 'hidden',
            setup_fee: 10,
            cost_per_month: 0,
            trial_period_days: 0,
            cancellation_period: 0,
            approval_required: false,
            default: false,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            custom: false,
            system_name: 'setup',
            links: [
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/services/7/application_plans/5',
              },
            ],
          },
        },
      ],
    },
  },
  plan: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><plan custom="false" default="true"><id>3</id><name>evaluation</name><type>application_plan</type><state>published</state><approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period><service_id>7</service_id></plan>',
    json: {
      application_plan: {
        id: 3,
        name: 'evaluation',
        state: 'published',
        setup_fee: 0,
        cost_per_month: 0,
        trial_period_days: 0,
        cancellation_period: 0,
        approval_required: false,
        default: true,
        created_at: '2026-11-21T10:15:00Z',
        updated_at: '2026-11-21T10:15:00Z',
        custom: false,
        system_name: 'evaluation',
        links: [
          {
            rel: 'service',
            href: 'https://tallyhouse.example/admin/api/services/7',
          },
          {
            rel: 'self',
            href: 'https://tallyhouse.example/admin/api/services/7/application_plans/3',
          },
        ],
      },
    },
  },
  limits: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><limits><limit><id>3</id><metric_id>12</metric_id><plan_id>3</plan_id><period>hour</period><value>50</value></limit></limits>',
    json: {
      limits: [
        {
          limit: {
            id: 3,
            metric_id: 12,
            plan_id: 3,
            period: 'hour',
            value: 50,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'metric',
                href: 'https://tallyhouse.example/admin/api/services/7/metrics/12',
              },
              {
                rel: 'plan',
                href: 'https://tallyhouse.example/admin/api/services/7/application_plans/3',
              },
            ],
          },
        },
      ],
    },
  },
};
