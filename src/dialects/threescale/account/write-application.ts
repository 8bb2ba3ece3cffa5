import type { Application } from '../../../directory/provider/applications.ts';
import type { EpochMs } from '../../../domain/time/instant.ts';
import type { FirstTraffic } from '../../../queries/traffic/traffic.ts';
import type { Call } from '../endpoint.ts';
import { element, elementIf, type XmlElement } from '../format/xml.ts';
import { timestamp } from '../time/texts.ts';
import { linksOf, present, type Written } from './answers.ts';
import { planElement } from './write-plan.ts';

/** An application, and when it was first used; both null until then. */
export interface ShownApplication {
  readonly application: Application;
  readonly traffic: FirstTraffic | null;
}

export function writeApplication(call: Call): Written<ShownApplication> {
  return {
    xml: (shown) => applicationElement(call, shown),
    json: (shown) => ({ application: applicationObject(call, shown) }),
  };
}

function applicationElement({ tenant: { zone } }: Call, { application, traffic }: ShownApplication): XmlElement {
  const time = (at: EpochMs | null): string | null => (at === null ? null : timestamp(at, zone));
  return element('application', [
    element('id', application.id),
    element('created_at', time(application.createdAt)),
    element('updated_at', time(application.updatedAt)),
    element('state', application.state),
    element('user_account_id', application.account.id),
    element('first_traffic_at', time(traffic?.first ?? null)),
    element('first_daily_traffic_at', time(traffic?.daily ?? null)),
    element('service_id', application.product.id),
    ...credentialElements(application),
    planElement(application.plan),
    ...elementIf('name', application.name),
    ...elementIf('description', application.description),
    element('extra_fields'),
  ]);
}

function credentialElements(application: Application): readonly XmlElement[] {
  if (application.product.backendVersion === '1') {
    return [
      element('user_key', application.userKey),
      element('provider_verification_key', application.verificationKey),
    ];
  }
  return [
    element('application_id', application.appId),
    ...(isOauth(application) ? [element('redirect_url', application.redirectUrl)] : []),
    element(
      'keys',
      application.appKeys.map((key) => element('key', key)),
    ),
  ];
}

function applicationObject(call: Call, { application, traffic }: ShownApplication): object {
  const { zone } = call.tenant;
  const { account, product, plan } = application;
  const path = `/admin/api/accounts/${account.id}/applications/${application.id}`;
  return {
    id: application.id,
    state: application.state,
    enabled: application.state === 'live',
    created_at: timestamp(application.createdAt, zone),
    updated_at: timestamp(application.updatedAt, zone),
    service_id: product.id,
    service_name: product.name,
    plan_id: plan.id,
    plan_name: plan.name,
    account_id: account.id,
    org_name: account.orgName,
    first_traffic_at: traffic === null ? null : timestamp(traffic.first, zone),
    first_daily_traffic_at: traffic === null ? null : timestamp(traffic.daily, zone),
    ...credentialEntries(application),
    ...present({ name: blankAsNull(application.name), description: blankAsNull(application.description) }),
    links: linksOf(call, {
      self: path,
      service: `/admin/api/services/${product.id}`,
      account: `/admin/api/accounts/${account.id}`,
      plan: `/admin/api/services/${product.id}/application_plans/${plan.id}`,
      keys: `${path}/keys`,
      referrer_filters: `${path}/referrer_filters`,
    }),
  };
}

function credentialEntries(application: Application): object {
  if (application.product.backendVersion === '1') {
    return { user_key: application.userKey, provider_verification_key: application.verificationKey };
  }
  const id = { application_id: application.appId };
  if (!isOauth(application)) return id;
  return {
    ...id,
    ...present({ redirect_url: application.redirectUrl }),
    client_id: application.appId,
    client_secret: application.appKeys[0] ?? null,
  };
}

function isOauth({ product: { backendVersion } }: Application): boolean {
  return backendVersion === 'oauth' || backendVersion === 'oidc';
}

function blankAsNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text;
}
