import type { Entry } from '../../../ingest/batch.ts';
import { fact } from '../../../ingest/fact.ts';
import { stepsOf } from './device-steps.ts';
import type { WriteRequest } from './write-request.ts';

/** A request on its way to be stored: its events as they are, what it says about sessions as the device's state decides. */
export function entryOf(request: WriteRequest): Entry {
  const { app, device, events } = request;
  return {
    organization: app.organization,
    stream: 'sessions',
    facts: events.map(({ key, at, count, sum, duration, segmentation }) =>
      fact('events', app.organization, at, {
        app: app.id,
        device,
        key,
        count,
        ...(sum === null ? {} : { sum, sum_given: 1 }),
        ...(duration === null ? {} : { duration, duration_given: 1 }),
        ...(segmentation === null ? {} : { segmentation }),
        era: app.era,
      }),
    ),
    steps: stepsOf(request),
  };
}
