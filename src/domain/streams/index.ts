import type { StreamDeclaration, StreamName } from './declaration.ts';
import { events } from './events.ts';
import { inventory } from './inventory.ts';
import { requests } from './requests.ts';
import { sessions } from './sessions.ts';
import { usage } from './usage.ts';
import { visits } from './visits.ts';

export type { Field, Measure, Rollup, StreamDeclaration, StreamName } from './declaration.ts';

export const streams: Readonly<Record<StreamName, StreamDeclaration>> = {
  requests,
  usage,
  sessions,
  events,
  visits,
  inventory,
};

export const streamNames = Object.keys(streams) as readonly StreamName[];

export function isStreamName(name: string): name is StreamName {
  return Object.hasOwn(streams, name);
}
