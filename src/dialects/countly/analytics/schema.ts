import { describe, READ_PARAMETERS, READ_REFUSALS, type DescribedParameters } from '../reference.ts';

const tag = 'Read, v2';
const PERIOD: DescribedParameters = {
  period:
    '`hour` (today), `yesterday`, `day` (this month), `prevMonth`, `month` (this year), `<N>days` or `[from,to]` in milliseconds. Default: `30days`.',
};
const BLOCK = {
  dashboard: {
    total_sessions: { total: 304_947, change: '-24.6%', trend: 'd' },
    total_users: { total: 40_513, change: '2.1%', trend: 'u', is_estimate: false },
    new_users: { total: 9_115, change: 'NA', trend: 'u' },
    total_time: { total: '3.1 years', change: '-1%', trend: 'd' },
    avg_time: { total: '5.4 min', change: '0%', trend: 'u' },
    avg_requests: { total: '12.5', change: '∞', trend: 'd' },
  },
  top: {
    platforms: [
      { name: 'iOS', value: 60, percent: 60 },
      { name: 'Android', value: 40, percent: 40 },
    ],
    resolutions: [],
    carriers: [],
    users: [{ name: '17 Feb', value: 1_510, percent: 100 }],
  },
  period: '19 Jan - 17 Feb',
};
const COUNTRIES = [{ country: 'Turkey', code: 'tr', t: 72_225, u: 8_781, n: 1_340 }];

function read(
  summary: string,
  answers: Readonly<Record<string, unknown>>,
  optional: DescribedParameters = {},
  refusals: readonly string[] = [],
) {
  return describe({
    tag,
    summary,
    keyed: true,
    required: READ_PARAMETERS,
    optional: { ...PERIOD, ...optional },
    answers,
    refusals: { ...READ_REFUSALS, 400: [...(READ_REFUSALS[400] ?? []), ...refusals] },
  });
}

const BUCKET: DescribedParameters = {
  bucket: '`daily` or `monthly`. Default: hours of one day, days up to 92 of them, else months.',
};
const METRICS =
  '`platforms` or `os`, `os_versions`, `devices`, `resolutions`, `carriers`, `app_versions`, `countries`, `cities`.';

/** How the endpoints of contract 4 are shown in the API reference. */
export const schemas = {
  dashboard: read('Figures of the last 30 days, the last 7 and today, beside those before', {
    'three periods': { '30days': BLOCK, '7days': BLOCK, today: { ...BLOCK, period: '00:00 - 12:34' } },
    'another period': { yesterday: BLOCK },
  }),
  countries: read('The ten countries with the most sessions', {
    'three periods': { '30days': COUNTRIES, '7days': COUNTRIES, today: [] },
  }),
  sessions: read(
    'Sessions, users, seconds and requests by time',
    { days: [{ _id: '2014-2-17', t: 2, n: 2, u: 2, d: 60, e: 4 }] },
    BUCKET,
  ),
  metric: read('Every value of a metric', { countries: [{ _id: 'TR', t: 2, n: 1, u: 1 }] }, { metric: METRICS }, [
    'Must provide metric',
  ]),
  tops: read(
    'The three most frequent values of metrics',
    {
      'one metric': [{ name: 'iOS', value: 2, percent: 67 }],
      several: { platforms: [{ name: 'iOS', value: 2, percent: 67 }], carriers: [] },
    },
    { metric: METRICS, metrics: 'JSON array of such names.' },
    ['Invalid parameter "metrics"'],
  ),
  frequency: read('Sessions by the time since the user’s session before', {
    classes: [{ f: '0', t: 2, percent: '66.7' }],
  }),
  loyalty: read('Users by which session of theirs was the first in the period', {
    classes: [{ l: '0', t: 2, percent: '100.0' }],
  }),
  durations: read('Closed sessions by length', { classes: [{ ds: '2', t: 1, percent: '100.0' }] }),
  events: read(
    'Events by time, or all in total',
    {
      'by time, or by value': [{ _id: '2014-2-17', c: 3, s: 2.97, dur: 0 }],
      several: { purchase: [{ _id: '2014-2-17', c: 3, s: 2.97, dur: 0 }] },
      'all in total': { all: [{ _id: 'purchase', c: 3, s: 2.97, dur: 0 }] },
    },
    {
      ...BUCKET,
      event: 'Key of one event.',
      events: 'JSON array of keys.',
      segmentation: 'Name of a segment: rows are its values.',
    },
    ['events JSON is not properly formed'],
  ),
};
