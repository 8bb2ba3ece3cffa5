import { describe } from '../reference.ts';

const MEMBER = {
  _id: '64f0000000000000000000aa',
  full_name: 'Selin Kaya',
  username: 'selin',
  email: 'selin@shop.example',
  api_key: 'fedcba9876543210fedcba9876543210',
  global_admin: false,
  admin_of: ['5f0000000000000000000001'],
  user_of: [],
};
const APP = {
  _id: '5f0000000000000000000001',
  name: 'Shop app',
  key: 'appkey-shop',
  country: 'TR',
  category: '6',
  timezone: 'Europe/Istanbul',
};
const KEY = { api_key: 'Key of a member.' };
const NO_KEY = 'Missing parameter "api_key" or "auth_token"';
const NO_ARGS = "Error: Missing 'args' parameter";
const NOT_GLOBAL = { 400: [NO_KEY, NO_ARGS], 401: ['User does not exist', 'User is not a global administrator'] };
const NOT_ADMIN = {
  400: [NO_KEY, NO_ARGS, 'Error: Missing app_id argument', 'App does not exist'],
  401: ['User does not exist', 'User does not have admin rights for this app'],
};
const ANYBODY = { 400: [NO_KEY], 401: ['User does not exist'] };
const SUCCESS = { done: { result: 'Success' } };
const tag = 'Management';

/** How the endpoints of contract 5 are shown in the API reference. */
export const schemas = {
  usersMe: describe({
    tag,
    summary: 'The record of whoever asks',
    keyed: true,
    required: KEY,
    answers: { own: MEMBER },
    refusals: ANYBODY,
  }),
  usersAll: describe({
    tag,
    summary: 'All members, for global administrators',
    keyed: true,
    required: KEY,
    answers: { all: { [MEMBER._id]: { ...MEMBER, is_current_user: false } } },
    refusals: { 400: [NO_KEY], 401: NOT_GLOBAL[401] },
  }),
  usersCreate: describe({
    tag,
    summary: 'Make a member',
    keyed: true,
    required: {
      ...KEY,
      args: 'JSON: `full_name`, `username`, `password`, `email`, optional `admin_of`, `user_of` (ids of apps), `global_admin`.',
    },
    answers: { made: MEMBER, taken: { result: 'Email or username already exists' } },
    refusals: { ...NOT_GLOBAL, 400: [...NOT_GLOBAL[400], 'Error: Missing full_name argument'] },
  }),
  usersUpdate: describe({
    tag,
    summary: 'Change a member',
    description: 'Members change themselves; rights are given by global administrators.',
    keyed: true,
    required: { ...KEY, args: 'JSON: `user_id` and the fields of a new member.' },
    answers: SUCCESS,
    refusals: { ...NOT_GLOBAL, 400: [...NOT_GLOBAL[400], 'Error: Missing user_id argument'] },
  }),
  usersDelete: describe({
    tag,
    summary: 'Remove members',
    description: 'Whoever asks stays.',
    keyed: true,
    required: { ...KEY, args: 'JSON: `user_ids`.' },
    answers: SUCCESS,
    refusals: { ...NOT_GLOBAL, 400: [...NOT_GLOBAL[400], 'Error: Missing user_ids argument'] },
  }),
  appsAll: describe({
    tag,
    summary: 'All apps, for global administrators',
    keyed: true,
    required: KEY,
    answers: { all: { admin_of: { [APP._id]: APP }, user_of: { [APP._id]: APP } } },
    refusals: { 400: [NO_KEY], 401: NOT_GLOBAL[401] },
  }),
  appsMine: describe({
    tag,
    summary: 'The apps that whoever asks is a member of',
    keyed: true,
    required: KEY,
    answers: { own: { admin_of: { [APP._id]: APP }, user_of: {} } },
    refusals: ANYBODY,
  }),
  appsCreate: describe({
    tag,
    summary: 'Make an app',
    description: 'It stands in the first organization of whoever asks, or in `organization` (key or uid).',
    keyed: true,
    required: {
      ...KEY,
      args: 'JSON: `name`, optional `country`, `timezone`, `category`, `key`, `salt`, `organization`.',
    },
    answers: { made: APP },
    refusals: { ...NOT_GLOBAL, 400: [...NOT_GLOBAL[400], 'Error: Missing name argument', 'App key already in use'] },
  }),
  appsUpdate: describe({
    tag,
    summary: 'Change an app',
    keyed: true,
    required: {
      ...KEY,
      args: 'JSON: `app_id` and `name`, `country`, `timezone`, `category`, `key`, `salt` (or `checksum_salt`), `paused`.',
    },
    answers: { 'the changed fields': { timezone: 'Europe/Berlin' }, 'nothing new': { result: 'Nothing changed' } },
    refusals: { ...NOT_ADMIN, 400: [...NOT_ADMIN[400], 'Invalid parameter "timezone"'] },
  }),
  appsReset: describe({
    tag,
    summary: 'Forget everything an app has counted',
    keyed: true,
    required: { ...KEY, args: 'JSON: `app_id`.' },
    answers: SUCCESS,
    refusals: NOT_ADMIN,
  }),
  appsDelete: describe({
    tag,
    summary: 'Remove an app, for global administrators',
    keyed: true,
    required: { ...KEY, args: 'JSON: `app_id`.' },
    answers: SUCCESS,
    refusals: { ...NOT_ADMIN, 400: [...NOT_ADMIN[400].slice(0, 3), 'Error deleting app'] },
  }),
  apiKey: describe({
    tag,
    summary: 'The key of whoever logs in by HTTP Basic',
    description: 'Bare text: the key, or `-1` with 401.',
    keyed: false,
    answers: { key: 'fedcba9876543210fedcba9876543210' },
  }),
  ping: describe({ tag, summary: 'Whether the server answers', keyed: false, answers: SUCCESS }),
};
