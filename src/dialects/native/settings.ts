import { setting, type Setting } from '../../config/setting.ts';

export const nativeSettings = {
  requestsPerSecond: setting<number | undefined>({
    variable: 'TALLYHOUSE_NATIVE_RATE',
    description: 'Requests a second that one key may send to the native API. Unset: as many as it likes.',
    accepts: 'a whole number from 1 to 1000000',
    default: undefined,
    parse: (text): number | undefined => {
      const rate = /^[0-9]{1,7}$/.test(text) ? Number(text) : 0;
      return rate >= 1 && rate <= 1_000_000 ? rate : undefined;
    },
  }),
} satisfies Record<string, Setting<unknown>>;
