import type { Format } from '../format/format.ts';

/** One answer in each format of a path; JSON as a value, everything else as the text it is. */
export type Example = Readonly<Partial<Record<Format, unknown>>>;

/**
 * Answers for the API reference by the name of what is asked for. A test asks for each.
 *
 * @throws TypeError for a name without example, when the route is made
 */
export function exampleOf(name: string): Example {
  const example = EXAMPLES[name];
  if (example === undefined) throw new TypeError(`no example of ${name}`);
  return example;
}

const EXAMPLES: Readonly<Record<string, Example>> = {
  applications: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><applications per_page="1" total_entries="6" total_pages="6" current_page="1"><application><id>41</id><created_at>2024-03-02T08:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><state>live</state><user_account_id>17</user_account_id><first_traffic_at>2024-03-02T10:00:00Z</first_traffic_at><first_daily_traffic_at>2024-03-09T10:00:00Z</first_daily_traffic_at><service_id>7</service_id><user_key>uk_41</user_key><provider_verification_key>0123456789abcdef0123456789abcdef</provider_verification_key><plan custom="false" default="true"><id>3</id><name>evaluation</name><type>application_plan</type><state>published</state><approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period><service_id>7</service_id></plan><name>Weather widget</name><description>hobby project</description><extra_fields/></application></applications>',
    json: {
      applications: [
        {
          application: {
            id: 41,
            state: 'live',
            enabled: true,
            created_at: '2024-03-02T08:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            service_id: 7,
            service_name: 'Weather',
            plan_id: 3,
            plan_name: 'evaluation',
            account_id: 17,
            org_name: "Ann's lab",
            first_traffic_at: '2024-03-02T10:00:00Z',
            first_daily_traffic_at: '2024-03-09T10:00:00Z',
            user_key: 'uk_41',
            provider_verification_key: '0123456789abcdef0123456789abcdef',
            name: 'Weather widget',
            description: 'hobby project',
            links: [
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41',
              },
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'account',
                href: 'https://tallyhouse.example/admin/api/accounts/17',
              },
              {
                rel: 'plan',
                href: 'https://tallyhouse.example/admin/api/services/7/application_plans/3',
              },
              {
                rel: 'keys',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41/keys',
              },
              {
                rel: 'referrer_filters',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41/referrer_filters',
              },
            ],
          },
        },
      ],
      metadata: {
        per_page: 1,
        total_entries: 6,
        total_pages: 6,
        current_page: 1,
      },
    },
  },
  application: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><application><id>41</id><created_at>2024-03-02T08:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><state>live</state><user_account_id>17</user_account_id><first_traffic_at>2024-03-02T10:00:00Z</first_traffic_at><first_daily_traffic_at>2024-03-09T10:00:00Z</first_daily_traffic_at><service_id>7</service_id><user_key>uk_41</user_key><provider_verification_key>0123456789abcdef0123456789abcdef</provider_verification_key><plan custom="false" default="true"><id>3</id><name>evaluation</name><type>application_plan</type><state>published</state><approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period><service_id>7</service_id></plan><name>Weather widget</name><description>hobby project</description><extra_fields/></application>',
    json: {
      application: {
        id: 41,
        state: 'live',
        enabled: true,
        created_at: '2024-03-02T08:15:00Z',
        updated_at: '2026-11-21T10:15:00Z',
        service_id: 7,
        service_name: 'Weather',
        plan_id: 3,
        plan_name: 'evaluation',
        account_id: 17,
        org_name: "Ann's lab",
        first_traffic_at: '2024-03-02T10:00:00Z',
        first_daily_traffic_at: '2024-03-09T10:00:00Z',
        user_key: 'uk_41',
        provider_verification_key: '0123456789abcdef0123456789abcdef',
        name: 'Weather widget',
        description: 'hobby project',
        links: [
          {
            rel: 'self',
            href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41',
          },
          {
            rel: 'service',
            href: 'https://tallyhouse.example/admin/api/services/7',
          },
          {
            rel: 'account',
            href: 'https://tallyhouse.example/admin/api/accounts/17',
          },
          {
            rel: 'plan',
            href: 'https://tallyhouse.example/admin/api/services/7/application_plans/3',
          },
          {
            rel: 'keys',
            href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41/keys',
          },
          {
            rel: 'referrer_filters',
            href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41/referrer_filters',
          },
        ],
      },
    },
  },
  applicationsOfAccount: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><applications><application><id>41</id><created_at>2024-03-02T08:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><state>live</state><user_account_id>17</user_account_id><first_traffic_at>2024-03-02T10:00:00Z</first_traffic_at><first_daily_traffic_at>2024-03-09T10:00:00Z</first_daily_traffic_at><service_id>7</service_id><user_key>uk_41</user_key><provider_verification_key>0123456789abcdef0123456789abcdef</provider_verification_key><plan custom="false" default="true"><id>3</id><name>evaluation</name><type>application_plan</type><state>published</state><approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period><service_id>7</service_id></plan><name>Weather widget</name><description>hobby project</description><extra_fields/></application><application><id>42</id><created_at>2024-03-03T00:00:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><state>live</state><user_account_id>17</user_account_id><first_traffic_at/><first_daily_traffic_at/><service_id>8</service_id><application_id>a1b2c3d4</application_id><keys><key>k1</key><key>k2</key></keys><plan custom="false" default="false"><id>6</id><name>Basic</name><type>application_plan</type><state>published</state><approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period><service_id>8</service_id></plan><name>Umap &amp; &lt;co&gt;</name><extra_fields/></application></applications>',
    json: {
      applications: [
        {
          application: {
            id: 41,
            state: 'live',
            enabled: true,
            created_at: '2024-03-02T08:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            service_id: 7,
            service_name: 'Weather',
            plan_id: 3,
            plan_name: 'evaluation',
            account_id: 17,
            org_name: "Ann's lab",
            first_traffic_at: '2024-03-02T10:00:00Z',
            first_daily_traffic_at: '2024-03-09T10:00:00Z',
            user_key: 'uk_41',
            provider_verification_key: '0123456789abcdef0123456789abcdef',
            name: 'Weather widget',
            description: 'hobby project',
            links: [
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41',
              },
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/7',
              },
              {
                rel: 'account',
                href: 'https://tallyhouse.example/admin/api/accounts/17',
              },
              {
                rel: 'plan',
                href: 'https://tallyhouse.example/admin/api/services/7/application_plans/3',
              },
              {
                rel: 'keys',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41/keys',
              },
              {
                rel: 'referrer_filters',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/41/referrer_filters',
              },
            ],
          },
        },
        {
          application: {
            id: 42,
            state: 'live',
            enabled: true,
            created_at: '2024-03-03T00:00:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            service_id: 8,
            service_name: 'Maps',
            plan_id: 6,
            plan_name: 'Basic',
            account_id: 17,
            org_name: "Ann's lab",
            first_traffic_at: null,
            first_daily_traffic_at: null,
            application_id: 'a1b2c3d4',
            name: 'Umap & <co>',
            links: [
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/42',
              },
              {
                rel: 'service',
                href: 'https://tallyhouse.example/admin/api/services/8',
              },
              {
                rel: 'account',
                href: 'https://tallyhouse.example/admin/api/accounts/17',
              },
              {
                rel: 'plan',
                href: 'https://tallyhouse.example/admin/api/services/8/application_plans/6',
              },
              {
                rel: 'keys',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/42/keys',
              },
              {
                rel: 'referrer_filters',
                href: 'https://tallyhouse.example/admin/api/accounts/17/applications/42/referrer_filters',
              },
            ],
          },
        },
      ],
    },
  },
  accounts: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><accounts per_page="1" total_entries="3" total_pages="3" current_page="1"><account><id>17</id><created_at>2026-11-21T10:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><state>approved</state><org_name>Ann\'s lab</org_name><extra_fields/><monthly_billing_enabled>true</monthly_billing_enabled><monthly_charging_enabled>true</monthly_charging_enabled><credit_card_stored>false</credit_card_stored><plans><plan default="true"><id>1</id><name>Default</name><type>account_plan</type><state>published</state><approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period></plan></plans><users><user><id>23</id><created_at>2026-11-21T10:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><account_id>17</account_id><state>active</state><role>admin</role><username>ann</username><email>ann@lab.example</email><first_name>Ann</first_name><last_name>Lee</last_name><extra_fields/></user></users></account></accounts>',
    json: {
      accounts: [
        {
          account: {
            id: 17,
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            credit_card_stored: false,
            monthly_billing_enabled: true,
            monthly_charging_enabled: true,
            state: 'approved',
            org_name: "Ann's lab",
            links: [
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/accounts/17',
              },
              {
                rel: 'users',
                href: 'https://tallyhouse.example/admin/api/accounts/17/users',
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
  account: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><account><id>17</id><created_at>2026-11-21T10:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><state>approved</state><org_name>Ann\'s lab</org_name><extra_fields/><monthly_billing_enabled>true</monthly_billing_enabled><monthly_charging_enabled>true</monthly_charging_enabled><credit_card_stored>false</credit_card_stored><plans><plan default="true"><id>1</id><name>Default</name><type>account_plan</type><state>published</state><approval_required>false</approval_required><setup_fee>0.0</setup_fee><cost_per_month>0.0</cost_per_month><trial_period_days/><cancellation_period>0</cancellation_period></plan></plans><users><user><id>23</id><created_at>2026-11-21T10:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><account_id>17</account_id><state>active</state><role>admin</role><username>ann</username><email>ann@lab.example</email><first_name>Ann</first_name><last_name>Lee</last_name><extra_fields/></user></users></account>',
    json: {
      account: {
        id: 17,
        created_at: '2026-11-21T10:15:00Z',
        updated_at: '2026-11-21T10:15:00Z',
        credit_card_stored: false,
        monthly_billing_enabled: true,
        monthly_charging_enabled: true,
        state: 'approved',
        org_name: "Ann's lab",
        links: [
          {
            rel: 'self',
            href: 'https://tallyhouse.example/admin/api/accounts/17',
          },
          {
            rel: 'users',
            href: 'https://tallyhouse.example/admin/api/accounts/17/users',
          },
        ],
      },
    },
  },
  users: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><users><user><id>23</id><created_at>2026-11-21T10:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><account_id>17</account_id><state>active</state><role>admin</role><username>ann</username><email>ann@lab.example</email><first_name>Ann</first_name><last_name>Lee</last_name><extra_fields/></user></users>',
    json: {
      users: [
        {
          user: {
            id: 23,
            state: 'active',
            role: 'admin',
            username: 'ann',
            email: 'ann@lab.example',
            first_name: 'Ann',
            last_name: 'Lee',
            created_at: '2026-11-21T10:15:00Z',
            updated_at: '2026-11-21T10:15:00Z',
            links: [
              {
                rel: 'account',
                href: 'https://tallyhouse.example/admin/api/accounts/17',
              },
              {
                rel: 'self',
                href: 'https://tallyhouse.example/admin/api/accounts/17/users/23',
              },
            ],
          },
        },
      ],
    },
  },
  user: {
    xml: '<?xml version="1.0" encoding="UTF-8"?><user><id>23</id><created_at>2026-11-21T10:15:00Z</created_at><updated_at>2026-11-21T10:15:00Z</updated_at><account_id>17</account_id><state>active</state><role>admin</role><username>ann</username><email>ann@lab.example</email><first_name>Ann</first_name><last_name>Lee</last_name><extra_fields/></user>',
    json: {
      user: {
        id: 23,
        state: 'active',
        role: 'admin',
        username: 'ann',
        email: 'ann@lab.example',
        first_name: 'Ann',
        last_name: 'Lee',
        created_at: '2026-11-21T10:15:00Z',
        updated_at: '2026-11-21T10:15:00Z',
        links: [
          {
            rel: 'account',
            href: 'https://tallyhouse.example/admin/api/accounts/17',
          },
          {
            rel: 'self',
            href: 'https://tallyhouse.example/admin/api/accounts/17/users/23',
          },
        ],
      },
    },
  },
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
