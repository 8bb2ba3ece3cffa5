import { countly } from './countly/index.ts';
import type { Dialect } from './dialect.ts';
import { contentstack } from './contentstack/index.ts';
import { native } from './native/index.ts';
import { scanalytics } from './scanalytics/index.ts';
import { threescale } from './threescale/index.ts';
import { tr50 } from './tr50/index.ts';

/** Every dialect served, in the order of the API reference. A test compares this list with the folders. */
export const dialects: readonly Dialect[] = [native, threescale, scanalytics, tr50, contentstack, countly];
