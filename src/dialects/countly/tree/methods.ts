import type { ReadMethod } from '../read/read-endpoint.ts';
import {
  CARRIERS,
  CITIES,
  DEVICE_DETAILS,
  DEVICES,
  readDocument,
  SESSIONS,
  type TreeDocument,
  type TreeServices,
} from './documents.ts';
import { readEventList, readEvents } from './event-documents.ts';

const SESSIONS_EXAMPLE = {
  2014: {
    2: { 17: { 9: { t: 1, n: 1, u: 1, d: 60, e: 3 }, t: 1, n: 1, u: 1, d: 60, e: 3, TR: { t: 1, n: 1, u: 1 } } },
  },
  meta: { countries: ['TR'] },
};
const VALUES_EXAMPLE = { 2014: { 2: { 17: { iOS: { t: 1, n: 1, u: 1 } } } }, meta: { os: ['iOS'] } };
const EVENTS_EXAMPLE = { 2014: { 2: { 17: { 20: { c: 3, s: 2.97 }, c: 3, s: 2.97 }, c: 3, s: 2.97 }, c: 3, s: 2.97 } };

/** The methods of v1 that answer with a tree of time (contract 3.2 to 3.7). */
export function treeMethods(services: TreeServices): (readonly [string, ReadMethod])[] {
  const document = (summary: string, of: TreeDocument, example: unknown): ReadMethod => ({
    summary,
    example,
    run: (read) => readDocument(services, of, read),
  });
  const sessions = document('Sessions, users and countries over time.', SESSIONS, SESSIONS_EXAMPLE);
  const details = document(
    'Systems, their versions, resolutions and app versions over time.',
    DEVICE_DETAILS,
    VALUES_EXAMPLE,
  );
  return [
    ['sessions', sessions],
    ['users', sessions],
    ['locations', sessions],
    ['device_details', details],
    ['app_versions', details],
    ['devices', document('Device models over time.', DEVICES, VALUES_EXAMPLE)],
    ['carriers', document('Carriers over time.', CARRIERS, VALUES_EXAMPLE)],
    ['cities', document('Cities of the app’s own country over time.', CITIES, VALUES_EXAMPLE)],
    [
      'events',
      {
        summary: 'One event over time, or several together.',
        example: EVENTS_EXAMPLE,
        run: (read) => readEvents(services, read),
      },
    ],
    [
      'get_events',
      {
        summary: 'The events of the app, and what they are divided by.',
        example: { _id: '5f0000000000000000000001', list: ['purchase'], segments: { purchase: ['country'] } },
        run: (read) => readEventList(services, read),
      },
    ],
  ];
}
