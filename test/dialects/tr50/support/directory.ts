/** The directory of these tests: two trees of organizations, and one person for each kind of right. */
export const DIRECTORY = `
users:
  - {email: ada@north.example, password: correct-horse, username: ada}
  - {email: bob@north.example, password: bob-is-a-member}
  - {email: vic@north.example, password: vic-looks-on}
  - {email: lea@north.example, password: lea-in-the-lab}
  - {email: eve@south.example, password: eve-of-south}
  - {email: sam@ops.example, password: sam-sees-all, super_ops: true}
  - {email: tom@north.example, password: tom-has-a-code, totp_secret: JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP}
  - {email: dis@north.example, password: dis-was-here, enabled: false}
  - {email: nil@nowhere.example, password: nil-has-nothing}
organizations:
  - key: NORTH
    name: North
    timezone: America/New_York
    members:
      - {user: ada@north.example, role: owner}
      - {user: bob@north.example, role: member}
      - {user: vic@north.example, role: viewer}
      - {user: tom@north.example, role: member}
      - {user: dis@north.example, role: member}
    native_keys: [{key: th_north, scopes: [ingest, read, admin]}]
    app_tokens: [tok_north]
  - key: NORTH_LAB
    name: North Laboratory
    parent: NORTH
    timezone: Asia/Kolkata
    members:
      - {user: lea@north.example, role: admin}
      - {user: ada@north.example, role: viewer}
    native_keys: [{key: th_north_lab, scopes: [ingest]}]
    app_tokens: [tok_lab]
  - key: NORTH_LAB_COLD
    name: Cold room
    parent: NORTH_LAB
    native_keys: [{key: th_cold, scopes: [ingest]}]
  - key: NORTH_SHOP
    name: North Shop
    parent: NORTH
    native_keys: [{key: th_shop, scopes: [ingest]}]
  - key: SOUTH
    name: South
    members:
      - {user: eve@south.example, role: owner}
      - {user: bob@north.example, role: viewer}
    native_keys: [{key: th_south, scopes: [ingest]}]
    app_tokens: [tok_south]
  - key: OPS
    name: Operations
    members: [{user: sam@ops.example, role: member}]
    native_keys: [{key: th_ops, scopes: [ingest]}]
`;
