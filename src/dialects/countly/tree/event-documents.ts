import type { EventKey } from '../../../queries/audience/events.ts';
import type { AppRead } from '../read/app-read.ts';
import { message, problemAnswer, type Answer } from '../transport/answer.ts';
import { jsonOf, text } from '../transport/parameters.ts';
import { segmentName } from '../write/events.ts';
import { hoursTree, plainEvents, segmentTrees, type SegmentTree } from './event-tree.ts';
import { metaName, sortedKeys } from './keys.ts';
import { eventsToday } from './refresh.ts';
import type { Branch } from './time-tree.ts';
import type { TreeServices } from './documents.ts';
import { windowOf, type TreeWindow } from './window.ts';

/** Views, ratings and the like: stored and readable by name, and listed nowhere (contract 2.4). */
const INTERNAL = '[CLY]_';

/** `method=events` (contract 3.6). */
export async function readEvents(services: TreeServices, read: AppRead): Promise<Answer> {
  const several = jsonOf(read.parameters, 'events');
  if (several.kind === 'absent') return readEvent(services, read);
  const keys = several.kind === 'value' && Array.isArray(several.value) ? (several.value as unknown[]) : null;
  if (keys === null) return message('events JSON is not properly formed', 400);
  const { range, today } = windowOf(read, services.clock);
  const named = [...new Set(keys.filter((key) => typeof key === 'string'))];
  const found = await services.audience.eventSeries(
    read.app,
    named,
    { range, segments: 'none' },
    { tag: 'countly:events', signal: read.call.signal },
  );
  if (!found.ok) return problemAnswer(found.problem);
  return { body: plainEvents(shown(hoursTree(found.value.hours), today)) };
}

async function readEvent({ audience, clock }: TreeServices, read: AppRead): Promise<Answer> {
  const { app, parameters, call } = read;
  const context = { tag: 'countly:events', signal: call.signal };
  let key = text(parameters, 'event');
  if (key === '') {
    const keys = await audience.eventKeys(app, context);
    if (!keys.ok) return problemAnswer(keys.problem);
    const first = listed(keys.value)[0];
    if (first === undefined) return { body: {} };
    key = first.key;
  }
  const { range, today } = windowOf(read, clock);
  const found = await audience.eventSeries(app, [key], { range, segments: 'all' }, context);
  if (!found.ok) return problemAnswer(found.problem);
  const { hours, values } = found.value;
  const segments = [...segmentTrees(values).values()];
  return { body: eventBody(hoursTree(hours), segments, text(parameters, 'segmentation'), today) };
}

function eventBody(total: Branch, segments: readonly SegmentTree[], asked: string, today: TreeWindow['today']): object {
  const meta = metaOf(segments);
  if (asked !== '' && asked !== 'no-segment') {
    const one = segments.find(({ name }) => name === segmentName(asked));
    return { ...(one === undefined ? {} : plainEvents(shown(one.tree, today))), ...meta };
  }
  const trees = segments.flatMap(({ name, tree }) => {
    const cut = shown(tree, today);
    return cut.size === 0 ? [] : [[name, plainEvents(cut)] as const];
  });
  return {
    ...plainEvents(shown(total, today)),
    ...meta,
    ...(asked === '' && trees.length > 0 ? { segmentation: Object.fromEntries(trees) } : {}),
  };
}

function metaOf(segments: readonly SegmentTree[]): object {
  if (segments.length === 0) return {};
  const names = sortedKeys(segments.map(({ name }) => metaName(name)));
  const lists = segments.map(({ name, values }) => [metaName(name), sortedKeys(values)] as const);
  return { meta: Object.fromEntries([['segments', names] as const, ...lists]) };
}

function shown(tree: Branch, today: TreeWindow['today']): Branch {
  return today === null ? tree : eventsToday(tree, today);
}

/** `method=get_events`: the events of an app and what they were divided by (contract 3.6). */
export async function readEventList({ audience }: TreeServices, { app, call }: AppRead): Promise<Answer> {
  const found = await audience.eventKeys(app, { tag: 'countly:get_events', signal: call.signal });
  if (!found.ok) return problemAnswer(found.problem);
  const keys = listed(found.value);
  if (keys.length === 0) return { body: {} };
  const segments = keys.flatMap(({ key, segments: sent }) => {
    const names = sortedKeys(sent.map(segmentName).filter((name) => name !== ''));
    return names.length === 0 ? [] : [[key, names] as const];
  });
  return {
    body: {
      _id: app.id,
      list: keys.map(({ key }) => key),
      ...(segments.length === 0 ? {} : { segments: Object.fromEntries(segments) }),
    },
  };
}

function listed(keys: readonly EventKey[]): readonly EventKey[] {
  return keys.filter(({ key }) => !key.startsWith(INTERNAL));
}
