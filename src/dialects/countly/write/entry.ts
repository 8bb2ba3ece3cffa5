import type { Entry } from '../../../ingest/batch.ts';
import { factOfRow } from '../../../ingest/fact.ts';
import { stepsOf } from './device-steps.ts';
import type { WriteRequest } from './write-request.ts';

/** A request on its way to be stored: its events as they are, what it says about sessions as the device's state decides. */
export function entryOf(request: WriteRequest): Entry {
  const { app, device, events } = request;
  return {
    organization: app.organization,
    stream: 'sessions',
    facts: events.map(({ key, at, count, sum, duration, segmentation }) =>
      factOfRow('events', {
        organization: app.organization,
        id: '',
        time: at,
        app: app.id,
        device,
        key,
        count,
        sum: sum ?? undefined,
        sum_given: sum === null ? undefined : 1,
        duration: duration ?? undefined,
        duration_given: duration === null ? undefined : 1,
        segmentation: segmentation ?? undefined,
        era: app.era,
      }),
    ),
    steps: stepsOf(request),
  };
}
