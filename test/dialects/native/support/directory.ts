/** NORTH with one of everything, two organizations below it, one beside it, and one that is suspended. */
export const DIRECTORY = `
users:
  - {email: ada@north.example, password: correct-horse}
organizations:
  - key: NORTH
    uid: blt0000000000000001
    name: North
    timezone: America/New_York
    members: [{user: ada@north.example, role: owner}]
    native_keys:
      - {key: th_north_all, scopes: [ingest, read, admin], label: everything}
      - {key: th_north_ingest, scopes: [ingest]}
      - {key: th_north_read, scopes: [read]}
      - {key: th_north_admin, scopes: [admin]}
    stacks: [{api_key: bltstack00000001, name: Website}]
    products:
      - id: 7
        system_name: weather
        name: Weather
        metrics: [{id: 11, system_name: hits, methods: [{id: 12, system_name: search}]}]
        plans: [{id: 3, system_name: evaluation, name: evaluation}]
    accounts:
      - id: 17
        org_name: Ann's lab
        applications: [{id: 41, product: weather, plan: evaluation, name: Weather widget, user_key: uk_41}]
    apps: [{id: 5f0000000000000000000001, key: appkey1, name: Shop app, timezone: Europe/Istanbul}]
    deployments:
      - {key: 7QX2B, name: Main hall, arrays: [{key: 1AMDK, name: Entrance, devices: [{key: D00017, name: Mat 17}]}]}
  - key: NORTH_LAB
    uid: blt0000000000000002
    name: North Laboratory
    parent: NORTH
    timezone: Asia/Kolkata
    native_keys: [{key: th_lab_all, scopes: [ingest, read, admin]}]
  - key: NORTH_LAB_COLD
    uid: blt0000000000000003
    name: Cold room
    parent: NORTH_LAB
  - key: SOUTH
    uid: blt0000000000000009
    name: South
    native_keys: [{key: th_south_all, scopes: [ingest, read, admin]}]
    apps: [{id: 5f0000000000000000000009, key: appkey9, name: South app}]
    deployments:
      - {key: SOUTH, name: Hall, arrays: [{key: SARR1, name: Door, devices: [{key: SDEV01, name: Mat}]}]}
  - key: GONE
    name: Gone
    suspended: true
    native_keys: [{key: th_gone_all, scopes: [ingest, read, admin]}]
`;
