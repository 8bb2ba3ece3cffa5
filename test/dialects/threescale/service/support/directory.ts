/** Tenants with a product of each kind: user keys, app ids with keys, OAuth, and one that is suspended. */
export const directory = `
organizations:
  - key: NORTH
    name: North
    native_keys: [{key: th_north, scopes: [ingest, read, admin]}]
    provider: {provider_key: pk_north, access_tokens: [{token: at_north, scopes: [stats, account_management]}]}
    products:
      - id: 7
        system_name: weather
        name: Weather
        backend_version: "1"
        service_tokens: [st_weather]
        metrics:
          - {id: 11, system_name: hits, friendly_name: Hits, unit: hit, methods: [{id: 12, system_name: search}, {id: 13, system_name: forecast}]}
          - {id: 14, system_name: bytes, unit: byte}
        plans:
          - id: 3
            system_name: evaluation
            name: evaluation <free>
            limits:
              - {metric: hits, period: day, value: 100}
              - {metric: hits, period: minute, value: 60}
              - {metric: hits, period: eternity, value: 100000}
              - {metric: search, period: month, value: 40}
          - {id: 4, system_name: professional, name: professional}
          - {id: 5, system_name: tiny, name: tiny, limits: [{metric: hits, period: day, value: 3}]}
          - {id: 6, system_name: closed, name: closed, limits: [{metric: hits, period: hour, value: 0}, {metric: bytes, period: year, value: 10}]}
          - {id: 9, system_name: hundred, name: hundred, limits: [{metric: hits, period: day, value: 100}]}
      - id: 8
        system_name: maps
        name: Maps
        backend_version: "2"
        service_tokens: [st_maps]
        metrics: [{id: 21, system_name: hits, methods: [{id: 22, system_name: tile}]}]
        plans: [{id: 31, system_name: basic, name: basic}]
      - id: 9
        system_name: login
        name: Login
        backend_version: oauth
        service_tokens: [st_login]
        metrics: [{id: 23, system_name: hits}]
        plans: [{id: 32, system_name: basic, name: basic}]
      - id: 10
        system_name: closed
        name: Closed
        state: suspended
        backend_version: "1"
        service_tokens: [st_closed]
        metrics: [{id: 24, system_name: hits}]
        plans: [{id: 33, system_name: basic, name: basic}]
    accounts:
      - id: 17
        org_name: Ann's lab
        users: [{id: 23, username: ann, email: ann@lab.example}]
        applications:
          - {id: 41, product: weather, plan: evaluation, name: Widget, user_key: uk_41}
          - {id: 42, product: weather, plan: professional, name: Board, user_key: uk_42}
          - {id: 43, product: weather, plan: tiny, name: Toy, user_key: uk_43}
          - {id: 44, product: weather, plan: tiny, name: Sleeping, state: suspended, user_key: uk_44}
          - {id: 45, product: weather, plan: closed, name: Closed, user_key: uk_45}
          - {id: 46, product: weather, plan: tiny, name: Waiting, state: pending, user_key: uk_46}
          - {id: 47, product: weather, plan: evaluation, name: Flat, user_key: uk_47}
          - {id: 48, product: weather, plan: tiny, name: Another toy, user_key: uk_48}
          - {id: 49, product: weather, plan: hundred, name: Racer, user_key: uk_49}
          - {id: 51, product: maps, plan: basic, name: Open map, app_id: open}
          - {id: 52, product: maps, plan: basic, name: Keyed map, app_id: keyed, app_keys: [key-one, key-two]}
          - {id: 53, product: maps, plan: basic, name: Filtered map, app_id: filtered, referrer_filters: ["*.example.org", 10.0.0.1]}
          - {id: 54, product: maps, plan: basic, name: Strict map, app_id: strict, state: suspended, app_keys: [key-one],
             referrer_filters: [shop.example.org]}
          - {id: 61, product: login, plan: basic, name: Client, app_id: client, app_keys: [secret-1, secret-2], redirect_url: "https://app.example/back"}
          - {id: 71, product: closed, plan: basic, name: Shut, user_key: uk_71}
  - key: SOUTH
    name: South
    provider: {provider_key: pk_south}
    products:
      - {id: 70, system_name: weather, backend_version: "1", service_tokens: [st_south], metrics: [{id: 11, system_name: hits}],
         plans: [{id: 3, system_name: free}]}
    accounts:
      - {id: 17, org_name: Zed, users: [{id: 23, username: zed, email: zed@south.example}],
         applications: [{id: 41, product: weather, plan: free, name: Other, user_key: uk_south}]}
  - key: EMPTY
    name: Empty
    provider: {provider_key: pk_empty}
  - key: GONE
    name: Gone
    suspended: true
    provider: {provider_key: pk_gone}
    products: [{id: 80, system_name: old, backend_version: "1", service_tokens: [st_gone], metrics: [{id: 1, system_name: hits}]}]
`;
