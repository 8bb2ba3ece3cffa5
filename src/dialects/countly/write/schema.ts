import { describe, SDK_PARAMETERS, SDK_REFUSALS } from '../reference.ts';

export const writeSchema = describe({
  tag: 'Write',
  summary: 'What an SDK tells about a device: sessions, metrics, events',
  description:
    'A session begins with `begin_session=1`, goes on with `session_duration=<seconds>` and ends with `end_session=1`. ' +
    'A request with a `timestamp` that comes again is counted once.',
  keyed: false,
  required: SDK_PARAMETERS,
  optional: {
    begin_session: '`1`: a session begins.',
    end_session: '`1`: it ends.',
    session_duration: 'Seconds since the last report.',
    metrics: 'JSON object with `_os`, `_os_version`, `_device`, `_resolution`, `_carrier`, `_app_version`.',
    events: 'JSON array of objects with `key`, `count`, `sum`, `dur`, `segmentation`, `timestamp`.',
    timestamp: 'When it happened: 10 digits (seconds) or 13 (milliseconds) of UTC.',
    old_device_id: 'The id the device had before; both count as one user.',
    sdk_version: 'Version of the SDK.',
    ip_address: 'Address to look the country up by.',
    country_code: 'Country, two letters.',
    city: 'City.',
    ignore_cooldown: '`1`: a begin within 15 seconds of an end is a session of its own.',
  },
  answers: {
    accepted: { result: 'Success' },
    repeated: { result: 'Success', info: 'Request ignored: Duplicate request' },
    'partly understood': { result: 'Success', info: 'Ignored invalid JSON in "events"' },
  },
  refusals: SDK_REFUSALS,
});

export const bulkSchema = describe({
  tag: 'Write',
  summary: 'Many such requests at once',
  description: 'Items are handled in order; those without a device or a known app are skipped.',
  keyed: false,
  required: { requests: 'JSON array of objects with the parameters of `/i`.' },
  optional: { app_key: 'For items that name none.' },
  answers: { accepted: { result: 'Success' } },
  refusals: { 400: ['Missing parameter "requests"', 'Invalid parameter "requests"'] },
});
