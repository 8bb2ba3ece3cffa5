/** Two tenants: Shop with three apps, Rival with one; a global administrator who belongs to neither app. */
export const directory = `
users:
  - {email: selin@shop.example, password: kedi-ve-kopek, username: selin, first_name: Selin, last_name: Kaya, uid: blt00000000000000a1,
     countly_api_key: 11111111111111111111111111111111}
  - {email: umut@shop.example, password: only-looking-1, username: umut, first_name: Umut, last_name: null,
     countly_api_key: 22222222222222222222222222222222}
  - {email: rita@rival.example, password: rivals-read-too, username: rita, countly_api_key: 33333333333333333333333333333333}
  - {email: olu@tallyhouse.example, password: night-shift-42, username: olu, first_name: Olu, last_name: Obi, super_ops: true,
     countly_api_key: 44444444444444444444444444444444}
organizations:
  - uid: blt0000000000000001
    key: SHOP
    name: Corner Shop
    timezone: Europe/Istanbul
    apps:
      - {id: 5f0000000000000000000001, key: appkey1, name: Shop app, timezone: Europe/Istanbul, country: TR,
         members: [{user: selin@shop.example, role: admin}, {user: umut@shop.example}]}
      - {id: 5f0000000000000000000002, key: appkey2, name: Salted app, timezone: UTC, salt: pepper,
         members: [{user: selin@shop.example, role: admin}]}
      - {id: 5f0000000000000000000003, key: appkey3, name: Paused app, timezone: UTC, paused: true,
         members: [{user: selin@shop.example, role: admin}]}
  - uid: blt0000000000000002
    key: RIVAL
    name: Rival
    apps:
      - {id: 5f0000000000000000000009, key: appkey9, name: Rival app, members: [{user: rita@rival.example, role: admin}]}
`;

export const SELIN = '11111111111111111111111111111111';
export const UMUT = '22222222222222222222222222222222';
export const RITA = '33333333333333333333333333333333';
export const OLU = '44444444444444444444444444444444';

export const SHOP_APP = '5f0000000000000000000001';
export const SALTED_APP = '5f0000000000000000000002';
export const PAUSED_APP = '5f0000000000000000000003';
export const RIVAL_APP = '5f0000000000000000000009';
