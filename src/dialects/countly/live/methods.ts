import type { Services } from '../../dialect.ts';
import type { ReadMethod } from '../read/read-endpoint.ts';

const GRAPH_MINUTES = 60;

/** `live` and `live_graph` (contract 3.8). */
export function liveMethods({ presence }: Pick<Services, 'presence'>): readonly (readonly [string, ReadMethod])[] {
  return [
    [
      'live',
      {
        summary: 'Users online now, new ones among them, and the highest values ever.',
        example: { o: 12, n: 3, om: 40, nm: 9 },
        run: async ({ app }) => {
          const { now, highest } = await presence.now(app);
          return { body: { o: now.online, n: now.newOnline, om: highest.online, nm: highest.newOnline } };
        },
      },
    ],
    [
      'live_graph',
      {
        summary: 'Users online in each of the last 60 full minutes.',
        example: { o: [{ time: 1_392_710_400_000, data: 12 }], n: [{ time: 1_392_710_400_000, data: 3 }] },
        run: async ({ app }) => {
          const minutes = await presence.minutes(app, GRAPH_MINUTES);
          return {
            body: {
              o: minutes.map(({ at, online }) => ({ time: at, data: online })),
              n: minutes.map(({ at, newOnline }) => ({ time: at, data: newOnline })),
            },
          };
        },
      },
    ],
  ];
}
