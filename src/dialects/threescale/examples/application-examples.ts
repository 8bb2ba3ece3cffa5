import type { Examples } from './example.ts';

/** Applications (contract 3.2, 3.3). */
export const applicationExamples: Examples = {
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
};
