import type { Account, AccountUser } from '../../../directory/provider/accounts.ts';
import type { Call } from '../endpoint.ts';
import { element, elementIf, type XmlElement } from '../format/xml.ts';
import { timestamp } from '../time/texts.ts';
import { linksOf, present, type Written } from './answers.ts';
import { accountPlanElement } from './write-plan.ts';

/** An account with its users, which only XML shows. */
export interface ShownAccount {
  readonly account: Account;
  readonly users: readonly AccountUser[];
}

export function writeAccount(call: Call): Written<ShownAccount> {
  const { zone } = call.tenant;
  const user = writeUser(call);
  return {
    xml: ({ account, users }) =>
      element('account', [
        element('id', account.id),
        element('created_at', timestamp(account.createdAt, zone)),
        element('updated_at', timestamp(account.updatedAt, zone)),
        element('state', account.state),
        element('org_name', account.orgName),
        element('extra_fields'),
        element('monthly_billing_enabled', true),
        element('monthly_charging_enabled', true),
        element('credit_card_stored', false),
        element('plans', account.plans.map(accountPlanElement)),
        element('users', users.map(user.xml)),
      ]),
    json: ({ account }) => ({
      account: {
        id: account.id,
        created_at: timestamp(account.createdAt, zone),
        updated_at: timestamp(account.updatedAt, zone),
        credit_card_stored: false,
        monthly_billing_enabled: true,
        monthly_charging_enabled: true,
        state: account.state,
        org_name: account.orgName,
        links: linksOf(call, {
          self: `/admin/api/accounts/${account.id}`,
          users: `/admin/api/accounts/${account.id}/users`,
        }),
      },
    }),
  };
}

export function writeUser(call: Call): Written<AccountUser> {
  const { zone } = call.tenant;
  return {
    xml: (user): XmlElement =>
      element('user', [
        element('id', user.id),
        element('created_at', timestamp(user.createdAt, zone)),
        element('updated_at', timestamp(user.updatedAt, zone)),
        element('account_id', user.account),
        element('state', user.state),
        element('role', user.role),
        element('username', user.username),
        element('email', user.email),
        ...elementIf('first_name', user.firstName),
        ...elementIf('last_name', user.lastName),
        element('extra_fields'),
      ]),
    json: (user) => ({
      user: {
        id: user.id,
        state: user.state,
        role: user.role,
        username: user.username,
        email: user.email,
        ...present({ first_name: user.firstName, last_name: user.lastName }),
        created_at: timestamp(user.createdAt, zone),
        updated_at: timestamp(user.updatedAt, zone),
        links: linksOf(call, {
          account: `/admin/api/accounts/${user.account}`,
          self: `/admin/api/accounts/${user.account}/users/${user.id}`,
        }),
      },
    }),
  };
}
