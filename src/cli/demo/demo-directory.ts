/** The directory file of `tallyhouse demo`: three tenants with something to show in every dialect. */
export const demoDirectory = `
users:
  - {email: ada@north.example, password: correct-horse, username: ada, first_name: Ada, last_name: North, timezone: America/New_York,
     countly_api_key: 0123456789abcdef0123456789abcdef}
  - {email: ben@north.example, password: battery-staple, username: ben, first_name: Ben, last_name: Lab, timezone: America/New_York}
  - {email: selin@shop.example, password: kedi-ve-kopek, username: selin, first_name: Selin, last_name: Kaya, timezone: Europe/Istanbul,
     countly_api_key: fedcba9876543210fedcba9876543210}
  - {email: dana@museum.example, password: open-at-nine, username: dana, first_name: Dana, last_name: Reyes, timezone: America/Chicago}
  - {email: ops@tallyhouse.example, password: night-shift-42, username: ops, first_name: Olu, last_name: Obi, timezone: UTC, super_ops: true}
organizations:
  - uid: blt0000000000000001
    key: NORTH
    name: North Weather
    timezone: America/New_York
    members:
      - {user: ada@north.example, role: owner}
      - {user: ops@tallyhouse.example, role: viewer}
    native_keys:
      - {key: th_demo_north, scopes: [ingest, read, admin]}
    app_tokens: [tok_demo_north]
    stacks: [{api_key: bltstack00000001, name: Website}, {api_key: bltstack00000002, name: Mobile}]
    provider: {provider_key: pk_demo_north, access_tokens: [{token: at_demo_north, scopes: [stats, account_management], permission: ro}]}
    products:
      - id: 7
        system_name: weather
        name: Weather
        backend_version: "1"
        service_tokens: [st_demo_weather]
        metrics:
          - id: 11
            system_name: hits
            friendly_name: Hits
            unit: hit
            methods: [{id: 12, system_name: search}, {id: 13, system_name: forecast}]
        plans:
          - {id: 3, system_name: evaluation, name: evaluation, limits: [{metric: hits, period: day, value: 1000}]}
          - {id: 4, system_name: professional, name: professional, cost_per_month: 49}
          - {id: 5, system_name: enterprise, name: enterprise, cost_per_month: 490, setup_fee: 1000}
    accounts:
      - id: 17
        org_name: Ann's lab
        state: approved
        users: [{id: 23, username: ann, email: ann@lab.example, first_name: Ann, last_name: Lee, role: admin}]
        applications:
          - {id: 41, product: weather, plan: evaluation, name: Weather widget, state: live, user_key: uk_demo_41}
          - {id: 42, product: weather, plan: evaluation, name: Balcony station, state: live, user_key: uk_demo_42}
      - id: 18
        org_name: Harbour pilots
        state: approved
        users: [{id: 24, username: max, email: max@harbour.example, first_name: Max, last_name: Moor, role: admin}]
        applications:
          - {id: 43, product: weather, plan: professional, name: Tide board, state: live, user_key: uk_demo_43}
  - uid: blt0000000000000002
    key: NORTH_LAB
    name: North Weather Lab
    parent: NORTH
    timezone: America/New_York
    members: [{user: ben@north.example, role: admin}]
  - uid: blt0000000000000003
    key: SHOP
    name: Corner Shop
    timezone: Europe/Istanbul
    members: [{user: selin@shop.example, role: owner}]
    native_keys: [{key: th_demo_shop, scopes: [ingest, read, admin]}]
    apps:
      - {id: 5f0000000000000000000001, key: appkey-shop, name: Shop app, timezone: Europe/Istanbul, country: TR,
         members: [{user: selin@shop.example, role: admin}]}
      - {id: 5f0000000000000000000002, key: appkey-courier, name: Courier app, timezone: Europe/Istanbul, country: TR,
         members: [{user: selin@shop.example, role: admin}]}
  - uid: blt0000000000000004
    key: MUSEUM
    name: City Museums
    timezone: America/Chicago
    members: [{user: dana@museum.example, role: owner}]
    native_keys: [{key: th_demo_museum, scopes: [ingest, read, admin]}]
    deployments:
      - {key: 7QX2B, name: Main hall, timezone: America/Chicago, permissions: [{user: dana@museum.example, right: edit}],
         arrays: [{key: 1AMDK, name: Entrance, devices: [{key: D00017, name: Mat 17}, {key: D00018, name: Mat 18}]},
                  {key: 1AMDL, name: Stairs, devices: [{key: D00019, name: Mat 19}]}]}
      - {key: 8RY3C, name: Harbour house, timezone: Europe/Lisbon, permissions: [{user: dana@museum.example, right: view}],
         arrays: [{key: 2BNEM, name: Gate, devices: [{key: D00021, name: Mat 21}]}]}
      - {key: 9SZ4D, name: Observatory, timezone: Australia/Lord_Howe, permissions: [{user: dana@museum.example, right: edit}],
         arrays: [{key: 3COFN, name: Dome, devices: [{key: D00031, name: Mat 31}]}]}
    oauth_clients:
      - {client_id: demo-museum, type: public, grant: password, owner: dana@museum.example, name: Scripts}
      - {client_id: demo-museum-server, client_secret: demo-museum-secret, type: confidential, grant: client-credentials,
         owner: dana@museum.example, name: Nightly report}
`;
