/** Two tenants, one of them with single sign-on; somebody for each role and each way to log in. */
export const DIRECTORY = `
users:
  - {email: Ada@North.example, password: correct-horse, username: ada, uid: blt00000000000000a1, first_name: Ada, last_name: North}
  - {email: ben@north.example, password: battery-staple, username: ben, uid: blt00000000000000b1}
  - {email: mia@north.example, password: mia-is-member, username: mia, uid: blt00000000000000c1}
  - {email: vic@north.example, password: vic-looks-on, username: vic, uid: blt00000000000000d1}
  - {email: tom@north.example, password: two-factors, username: tom, totp_secret: JBSWY3DPEHPK3PXP}
  - {email: sam@south.example, sso_only: true, username: sam}
  - {email: sue@south.example, password: sue-owns-it, username: sue, uid: blt00000000000000e1}
  - {email: alf@south.example, password: alf-may-pass, username: alf}
  - {email: axl@south.example, password: axl-may-not, username: axl}
  - {email: eve@east.example, password: eve-is-elsewhere, username: eve}
  - {email: off@north.example, password: was-here-once, username: off, enabled: false}
  - {email: üzgür@north.example, password: "pässwörd ☃", username: uezguer, first_name: Özgür, last_name: Ünal}
organizations:
  - uid: blt0000000000000001
    key: NORTH
    name: North Wind
    members:
      - {user: ada@north.example, role: owner}
      - {user: ben@north.example, role: admin}
      - {user: mia@north.example, role: member}
      - {user: vic@north.example, role: viewer}
      - {user: tom@north.example, role: admin}
      - {user: off@north.example, role: admin}
      - {user: üzgür@north.example, role: admin}
      - {user: eve@east.example, role: member}
    native_keys: [{key: th_north, scopes: [ingest, read, admin]}]
    stacks:
      - {api_key: bltstack00000001, uid: bltstackuid00001, name: Website}
      - {api_key: bltstack00000002, uid: bltstackuid00002, name: Mobile}
  - uid: blt0000000000000011
    key: NORTH_LAB
    name: North Lab
    parent: NORTH
  - uid: blt0000000000000002
    key: SOUTH
    name: South Seas
    sso: true
    members:
      - {user: sam@south.example, role: admin}
      - {user: sue@south.example, role: owner}
      - {user: alf@south.example, role: admin, allowed_without_sso: true}
      - {user: axl@south.example, role: admin}
    native_keys: [{key: th_south, scopes: [ingest, read, admin]}]
    stacks: [{api_key: bltstack00000003, uid: bltstackuid00003, name: Southern}]
  - uid: blt0000000000000003
    key: EAST
    name: East End
    analytics_enabled: false
    members: [{user: eve@east.example, role: owner}]
    native_keys: [{key: th_east, scopes: [ingest, read, admin]}]
  - uid: blt0000000000000004
    key: WEST
    name: West Bank
    suspended: true
    members: [{user: eve@east.example, role: admin}]
`;
