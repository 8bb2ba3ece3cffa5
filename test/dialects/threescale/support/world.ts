import { expect } from 'vitest';

/** Where the server's clock starts. */
export const NOW = '2026-11-21T10:15:00Z';

/**
 * Three tenants: North with a service of each kind, South with objects under the same ids and others of its own, and
 * East, which is suspended.
 */
export const DIRECTORY = `
organizations:
  - uid: north
    key: NORTH
    name: North
    native_keys: [{key: th_north, scopes: [ingest, read, admin]}]
    provider:
      provider_key: pk_north
      access_tokens:
        - {token: at_north, scopes: [stats, account_management], permission: ro}
        - {token: at_north_stats, scopes: [stats], permission: rw}
        - {token: at_north_accounts, scopes: [account_management], permission: ro}
        - {token: at_north_cms, scopes: [cms, finance, policy_registry], permission: rw}
        - {token: at_north_old, scopes: [stats, account_management], permission: ro, expires_at: 2026-11-21T10:14:59Z}
        - {token: at_north_young, scopes: [stats, account_management], permission: ro, expires_at: 2026-12-21T00:00:00Z}
    products:
      - id: 7
        system_name: weather
        name: Weather
        state: active
        backend_version: "1"
        description: Forecasts & <radar>
        service_tokens: [st_north_7]
        metrics:
          - id: 11
            system_name: hits
            methods:
              - {id: 12, system_name: search, friendly_name: Search it, description: By name}
              - {id: 13, system_name: forecast}
          - {id: 14, system_name: bytes, friendly_name: Traffic, unit: byte, description: Out}
        plans:
          - id: 3
            system_name: evaluation
            default: true
            limits: [{metric: hits, period: day, value: 1000}, {metric: hits, period: month, value: 20000}, {metric: search, period: hour, value: 50}]
          - {id: 4, system_name: pro, name: Pro, cost_per_month: 49.5, trial_period_days: 30, approval_required: true}
          - {id: 5, system_name: setup, name: Set up once, setup_fee: 10, state: hidden}
      - id: 8
        system_name: maps
        name: Maps
        backend_version: "2"
        metrics: [{id: 21, system_name: hits}]
        plans: [{id: 6, system_name: basic, name: Basic}]
      - id: 9
        system_name: places
        name: Places
        backend_version: oauth
        metrics: [{id: 31, system_name: hits}]
        plans: [{id: 9, system_name: basic, name: Basic}]
    accounts:
      - id: 17
        org_name: Ann's lab
        plans: [{id: 1, name: Default, default: true}]
        users: [{id: 23, username: ann, email: ann@lab.example, first_name: Ann, last_name: Lee, role: admin}]
        applications:
          - {id: 41, product: weather, plan: evaluation, name: Weather widget, description: hobby project, user_key: uk_41, created_at: 2024-03-02T08:15:00Z}
          - {id: 42, product: maps, plan: basic, name: Umap & <co>, app_id: a1b2c3d4, app_keys: [k1, k2],
             created_at: 2024-03-03T00:00:00.500Z}
          - {id: 43, product: places, plan: basic, name: Läden ÄÖÜ 🗺, app_id: client43, app_keys: [secret43],
             redirect_url: https://places.example/back, state: suspended, created_at: 2024-03-04T00:00:00Z}
          - {id: 44, product: places, plan: basic, name: Bare, app_id: client44, state: pending, created_at: 2024-03-05T00:00:00Z}
      - id: 18
        org_name: Běta GmbH
        state: pending
        users:
          - {id: 31, username: zoe, email: zoe@beta.example, last_name: Žižka, role: member}
          - {id: 30, username: yan, email: yan@beta.example, role: admin}
        applications:
          - {id: 45, product: weather, plan: pro, name: Hail, user_key: uk_45, created_at: 2024-03-10T00:00:00Z,
             first_traffic_at: 2024-02-01T00:00:00Z}
          - {id: 46, product: weather, plan: setup, name: Never used, user_key: uk_46, created_at: 2024-03-10T12:00:00Z}
      - {id: 19, org_name: Nobody}
  - uid: south
    key: SOUTH
    name: South
    timezone: Europe/Madrid
    native_keys: [{key: th_south, scopes: [ingest, read, admin]}]
    provider:
      provider_key: pk_south
      access_tokens: [{token: at_south, scopes: [stats, account_management], permission: ro}]
    products:
      - id: 7
        system_name: weather
        name: El tiempo
        backend_version: "1"
        metrics: [{id: 51, system_name: hits}]
        plans: [{id: 3, system_name: evaluation}]
      - {id: 70, system_name: tides, name: Tides, plans: [{id: 71, system_name: only}], metrics: [{id: 52, system_name: hits}]}
    accounts:
      - id: 17
        org_name: Sur
        users: [{id: 24, username: sol, email: sol@sur.example, role: admin}]
        applications: [{id: 41, product: weather, plan: evaluation, name: Sol, user_key: uk_sol, created_at: 2024-03-02T08:15:00Z}]
      - id: 170
        org_name: Otro
        created_at: 2024-01-02T03:04:05Z
        users: [{id: 25, username: mar, email: mar@sur.example, role: admin, created_at: 2024-02-03T04:05:06Z}]
        applications: [{id: 410, product: tides, plan: only, name: Mar, user_key: uk_mar, created_at: 2024-03-02T08:15:00Z}]
  - uid: east
    key: EAST
    name: East
    suspended: true
    provider:
      provider_key: pk_east
      access_tokens: [{token: at_east, scopes: [stats, account_management], permission: ro}]
    products: [{id: 7, system_name: weather, name: Weather, metrics: [{id: 11, system_name: hits}]}]
`;

/** What came of one request. */
export interface Told {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Asks a path of the server as North, or with the credential that the path carries. */
export async function ask(url: string, path: string, init: RequestInit = {}): Promise<Told> {
  const named = /[?&](access_token|provider_key)=/.test(path) || init.headers !== undefined;
  const asked = named ? path : `${path}${path.includes('?') ? '&' : '?'}access_token=at_north`;
  const answer = await fetch(`${url}${asked}`, { redirect: 'error', ...init });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

/** Reports usage over the native API; `time` is RFC 3339. */
export async function use(
  url: string,
  rows: readonly { readonly time: string; readonly [field: string]: string | number }[],
  key = 'th_north',
): Promise<void> {
  const full = rows.map((row) => ({ product: 'weather', application: 41, metric: 'hits', ...row }));
  const answer = await fetch(`${url}/api/v1/facts/usage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(full),
  });
  expect(await answer.json()).toMatchObject({ accepted: rows.length, rejected: [] });
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** A document without the blanks that make it readable here; the wire has none between elements. */
export function wire(xml: string): string {
  return DECLARATION + xml.replace(/>\s+</g, '><').trim();
}

/** What no directory file gives, written `*`: when an entry was made, and verification keys. */
export function timeless(text: string): string {
  return text
    .replace(/(provider_verification_key(?:>|":"))[0-9a-f]{32}/g, '$1*')
    .replace(/(<(created_at|updated_at)>)2026-11-2[^<]*/g, '$1*')
    .replace(/("(?:created_at|updated_at)":)"2026-11-2[^"]*"/g, '$1"*"');
}
