/** Two tenants; in the first somebody for each kind of right. */
export const DIRECTORY = `
users:
  - {email: Dana@Museum.example, password: open-at-nine, first_name: Dana, last_name: Reyes, timezone: America/Chicago}
  - {email: vera@museum.example, password: vera-looks-on, first_name: Vera, timezone: Europe/Lisbon}
  - {email: omar@museum.example, password: omar-owns-it, timezone: America/Chicago}
  - {email: nina@museum.example, password: nina-has-none}
  - {email: rae@museum.example, password: rae-runs-fast}
  - {email: guess@museum.example, password: hard-to-guess}
  - {email: dis@museum.example, password: dis-was-here, enabled: false}
  - {email: eve@harbour.example, password: eve-next-door, timezone: Europe/Lisbon}
organizations:
  - key: MUSEUM
    name: City Museums
    timezone: America/Chicago
    members:
      - {user: dana@museum.example, role: member}
      - {user: vera@museum.example, role: admin}
      - {user: omar@museum.example, role: owner}
      - {user: nina@museum.example, role: member}
      - {user: rae@museum.example, role: member}
      - {user: guess@museum.example, role: member}
      - {user: dis@museum.example, role: member}
    native_keys: [{key: th_museum, scopes: [ingest, admin]}]
    deployments:
      - {key: 7QX2B, name: Main hall, timezone: America/Chicago,
         permissions: [{user: dana@museum.example, right: edit}, {user: vera@museum.example, right: view},
                       {user: rae@museum.example, right: view}],
         arrays: [{key: 1AMDK, name: Entrance, devices: [{key: D00017, name: Mat 17}, {key: D00016, name: Mat 16}]},
                  {key: 1AMDL, name: Back door, devices: [{key: D00019, name: Mat 19}]}]}
      - {key: 8RY3C, name: Annex, timezone: Australia/Lord_Howe,
         permissions: [{user: dana@museum.example, right: view}],
         arrays: [{key: 2BNEM, name: Gate, devices: [{key: D00021, name: Mat 21}]}]}
      - {key: 9SZ4D, name: Vault, timezone: UTC,
         arrays: [{key: 3COFN, name: Door, devices: [{key: D00031, name: Mat 31}]}]}
    oauth_clients:
      - {client_id: scripts, type: public, grant: password, owner: dana@museum.example}
      - {client_id: other-scripts, type: public, grant: password, owner: vera@museum.example}
      - {client_id: server, client_secret: s3cret-of-server, type: confidential, grant: client-credentials,
         owner: dana@museum.example}
      - {client_id: viewer, client_secret: s3cret-of-viewer, type: confidential, grant: client-credentials,
         owner: vera@museum.example}
      - {client_id: kiosk, client_secret: "s3cret+of%kiosk", type: confidential, grant: password,
         owner: dana@museum.example}
      - {client_id: limited, client_secret: s3cret-of-limited, type: confidential, grant: client-credentials,
         owner: rae@museum.example}
      - {client_id: orphan, client_secret: s3cret-of-orphan, type: confidential, grant: client-credentials,
         owner: dis@museum.example}
  - key: HARBOUR
    name: Harbour
    timezone: Europe/Lisbon
    members: [{user: eve@harbour.example, role: owner}]
    native_keys: [{key: th_harbour, scopes: [ingest, admin]}]
    deployments:
      - {key: 5HARB, name: Pier, timezone: Europe/Lisbon,
         arrays: [{key: 1AMDK, name: Same key, devices: [{key: D00017, name: Theirs}]},
                  {key: 5PIER, name: Pier, devices: [{key: D00099, name: Mat 99}]}]}
    oauth_clients:
      - {client_id: harbour, type: public, grant: password, owner: eve@harbour.example}
`;
