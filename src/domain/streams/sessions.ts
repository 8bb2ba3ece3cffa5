import type { StreamDeclaration } from './declaration.ts';

const MAX_COUNT = Number.MAX_SAFE_INTEGER;

export const sessions: StreamDeclaration = {
  name: 'sessions',
  description:
    'What an app’s devices reported: that a session began, went on or was closed. A row stands for one request and may say several of these.',
  fields: [
    { name: 'time', type: { kind: 'time' }, required: true, description: 'When it happened.' },
    {
      name: 'app',
      type: { kind: 'text', maxLength: 64 },
      required: true,
      dimension: true,
      description: 'Id of the app.',
    },
    {
      name: 'device',
      type: { kind: 'text', maxLength: 1024 },
      required: true,
      dimension: true,
      description: 'Id of the device, as the client names it.',
    },
    {
      name: 'user',
      type: { kind: 'text', maxLength: 1024 },
      dimension: true,
      description: 'Id of the user, where several devices are one; the device’s when absent.',
    },
    {
      name: 'requests',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 1 },
      description: 'Number of write requests.',
    },
    {
      name: 'begun',
      type: { kind: 'integer', min: 0, max: 1, default: 0 },
      description: '1 when a session began: it is counted at `time`.',
    },
    {
      name: 'duration',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 0 },
      description: 'Seconds spent in the app since the last report.',
    },
    {
      name: 'closed',
      type: { kind: 'integer', min: 0, max: 1, default: 0 },
      description: '1 when a session of `length` seconds was closed.',
    },
    {
      name: 'reopened',
      type: { kind: 'integer', min: 0, max: 1, default: 0 },
      description:
        '1 when the session of `length` seconds that was closed at `time` goes on: the closing is taken back.',
    },
    {
      name: 'length',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 0 },
      description: 'Length in seconds of the session that was closed or reopened.',
    },
    {
      name: 'country',
      type: { kind: 'text', maxLength: 64 },
      dimension: true,
      description: 'Where the session began, usually ISO 3166-1 alpha-2.',
    },
    { name: 'city', type: { kind: 'text', maxLength: 256 }, dimension: true, description: 'City.' },
    { name: 'os', type: { kind: 'text', maxLength: 256 }, dimension: true, description: 'Operating system.' },
    {
      name: 'os_version',
      type: { kind: 'text', maxLength: 256 },
      dimension: true,
      description: 'Version of the operating system.',
    },
    { name: 'model', type: { kind: 'text', maxLength: 256 }, dimension: true, description: 'Model of the device.' },
    {
      name: 'resolution',
      type: { kind: 'text', maxLength: 256 },
      dimension: true,
      description: 'Resolution of the screen.',
    },
    { name: 'carrier', type: { kind: 'text', maxLength: 256 }, dimension: true, description: 'Mobile carrier.' },
    {
      name: 'app_version',
      type: { kind: 'text', maxLength: 256 },
      dimension: true,
      description: 'Version of the app.',
    },
    {
      name: 'details',
      type: { kind: 'json', maxBytes: 65_536 },
      description: 'What else came with the request, e.g. properties of the user.',
    },
    {
      name: 'linked',
      type: { kind: 'text', maxLength: 1024 },
      derived: true,
      description: 'Id of another user that turned out to be the same; both count as one.',
    },
    {
      name: 'ordinal',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 0 },
      derived: true,
      description: 'Sessions of the device counted up to this row, in order of arrival.',
    },
    {
      name: 'open',
      type: { kind: 'integer', min: 0, max: 1, default: 0 },
      derived: true,
      description: '1 when a session of the device is open after this row.',
    },
    {
      name: 'turn',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 0 },
      derived: true,
      description: 'Number of the device’s requests up to this row, in order of arrival.',
    },
    {
      name: 'received',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 0 },
      derived: true,
      description: 'When it arrived, in milliseconds since 1970.',
    },
    {
      name: 'era',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 0 },
      derived: true,
      description: 'When the app was made or last reset, in milliseconds since 1970.',
    },
  ],
  measures: [
    { name: 'sessions', description: 'Sessions begun.', unit: 'count', aggregate: { kind: 'sum', field: 'begun' } },
    { name: 'rows', description: 'Number of rows.', unit: 'count', aggregate: { kind: 'rows' } },
    {
      name: 'requests',
      description: 'Write requests.',
      unit: 'count',
      aggregate: { kind: 'sum', field: 'requests' },
    },
    { name: 'duration', description: 'Time spent.', unit: 's', aggregate: { kind: 'sum', field: 'duration' } },
    {
      name: 'unique_devices',
      description: 'Different devices, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'device' },
    },
  ],
  rollups: [],
  derivedTables: ['session_begins', 'sessions_15m', 'early_requests_15m', 'user_links'],
};
