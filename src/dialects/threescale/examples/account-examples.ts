import type { Examples } from './example.ts';

/** Accounts and users (contract 3.4). */
export const accountExamples: Examples = {
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
};
