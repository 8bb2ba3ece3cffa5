import { integerSetting } from '../../config/setting.ts';

export const settings = {
  readsPerMinute: integerSetting({
    variable: 'TALLYHOUSE_THREESCALE_READS',
    description: 'Requests to `/admin/api` and `/stats` that a tenant may send each minute; 0 for as many as it likes.',
    min: 0,
    max: 1_000_000,
    default: 0,
  }),
};
