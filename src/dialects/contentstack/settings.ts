import { integerSetting, textSetting } from '../../config/setting.ts';

export const settings = {
  rate: integerSetting({
    variable: 'TALLYHOUSE_CONTENTSTACK_RATE',
    description: 'Contentstack analytics requests an organization may send in each second of the clock.',
    min: 1,
    max: 1_000_000,
    default: 10,
  }),
  urlDataSource: textSetting({
    variable: 'TALLYHOUSE_CONTENTSTACK_URL_DATA_SOURCE',
    description: 'What Contentstack’s Top URLs say about where they come from (`urlDataSource`).',
    default: 'athena',
  }),
};
