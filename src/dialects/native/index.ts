import type { Dialect } from '../dialect.ts';
import { registerApi } from './api.ts';
import { offeredValues } from './offered-values.ts';
import { nativeSettings } from './settings.ts';

/** Tallyhouse's own API (design 7): facts in, questions, exports, live counts, directory. */
export const native: Dialect<typeof nativeSettings> = {
  name: 'native',
  title: 'Tallyhouse native API',
  description: `Facts in, questions, exports, live counts and the directory, as JSON.

Send a key of the directory file (\`native_keys\`) as \`Authorization: Bearer <key>\`. A key covers its organization and all
organizations below it; what it does not cover looks as if it did not exist. Its scopes say what it may do: \`ingest\` (send
facts), \`read\` (ask), \`admin\` (directory and audit log). People who are logged in send their session's cookie or token instead.

Problems are RFC 9457 problem details (\`application/problem+json\`) with the path of the offending value in \`field\`.`,
  securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A native key, e.g. `th_north_1`.' } },
  values: offeredValues,
  demoRequest: (url) =>
    `curl -s ${url}/api/v1/query -H 'Authorization: Bearer th_demo_north' -H 'Content-Type: application/json' ` +
    `-d '{"stream":"requests","last":"7d","bucket":{"every":"1d"},"measures":["count","bytes"],"dimensions":["service"]}'`,
  settings: nativeSettings,
  register: registerApi,
};
