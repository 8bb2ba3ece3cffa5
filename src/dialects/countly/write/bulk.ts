import type { App, Apps } from '../../../directory/apps.ts';
import type { Entry } from '../../../ingest/batch.ts';
import type { Services } from '../../dialect.ts';
import { NO_DEVICE } from '../access/sent-by-app.ts';
import { message, problemAnswer } from '../transport/answer.ts';
import type { Call, Endpoint } from '../transport/call.ts';
import { checksumProblem } from '../transport/checksum.ts';
import { isObject, jsonOf, parametersOf, text } from '../transport/parameters.ts';
import { deviceKey } from './device-state.ts';
import { rememberBulk, repeated } from './device-steps.ts';
import { entryOf } from './entry.ts';
import { bulkSchema } from './schema.ts';
import { readWrite, type Reader, type WriteRequest } from './write-request.ts';

/** `/i/bulk`: many requests at once, of one app or several (contract 2.11). All are stored, or none. */
export function bulkEndpoint({ directory, ingest, clock }: Services, reader: Reader): Endpoint {
  return {
    path: '/i/bulk',
    schema: bulkSchema,
    run: async (call) => {
      const apps = await directory.apps();
      const outer = apps.byKey(text(call.parameters, 'app_key'));
      const unsigned = outer === null ? null : checksumProblem(call.parameters, call.signed, outer.salt());
      if (unsigned !== null) return message(unsigned);
      const requests = jsonOf(call.parameters, 'requests');
      if (requests.kind !== 'value') return message('Missing parameter "requests"', 400);
      if (!Array.isArray(requests.value)) return message('Invalid parameter "requests"', 400);
      const items = itemsOf(requests.value, call, apps, reader, clock.now());
      if (items.length > 0) {
        const stored = await ingest.accept({ source: 'countly', entries: bulkEntries(items) });
        if (!stored.ok) return problemAnswer(stored.problem);
      }
      return message('Success');
    },
  };
}

/** The items that name a device and an app that takes them; others are skipped. */
function itemsOf(
  items: readonly unknown[],
  call: Call,
  apps: Apps,
  reader: Reader,
  arrival: WriteRequest['arrival'],
): WriteRequest[] {
  const own = text(call.parameters, 'app_key');
  const found = new Map<string, App | null>();
  const appOf = (key: string): App | null => {
    let app = found.get(key);
    if (app === undefined) {
      app = accepting(apps.byKey(key), call);
      found.set(key, app);
    }
    return app;
  };
  return items.flatMap((item) => {
    if (!isObject(item)) return [];
    const parameters = parametersOf(item);
    const app = appOf(text(parameters, 'app_key') || own);
    const device = text(parameters, 'device_id');
    if (app === null || device === '' || device === NO_DEVICE) return [];
    return [readWrite(reader, { app, parameters, caller: call, arrival })];
  });
}

/** The one checksum of the request has to be right for each app with a salt, whoever else is named on the outside. */
function accepting(app: App | null, { parameters, signed }: Call): App | null {
  if (app === null || !app.active || app.paused) return null;
  return checksumProblem(parameters, signed, app.salt()) === null ? app : null;
}

function bulkEntries(items: readonly WriteRequest[]): Entry[] {
  const devices = new Map<string, { readonly request: WriteRequest; readonly fingerprints: Set<string> }>();
  const entries = items.map((request): Entry => {
    const { app, device, fingerprint } = request;
    if (fingerprint === null) return entryOf(request);
    const key = deviceKey(app, device);
    const known = devices.get(key) ?? { request, fingerprints: new Set<string>() };
    devices.set(key, known);
    if (known.fingerprints.has(fingerprint)) {
      return { organization: app.organization, stream: 'sessions', facts: [], steps: [repeated(request)] };
    }
    known.fingerprints.add(fingerprint);
    return entryOf(request);
  });
  for (const { request, fingerprints } of devices.values()) {
    const steps = [rememberBulk(request, [...fingerprints])];
    entries.push({ organization: request.app.organization, stream: null, facts: [], steps });
  }
  return entries;
}
