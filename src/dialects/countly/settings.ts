import { bytesSetting, integerSetting } from '../../config/setting.ts';

export const settings = {
  maxSessionSeconds: integerSetting({
    variable: 'TALLYHOUSE_COUNTLY_MAX_SESSION_SECONDS',
    description: 'Longest session_duration of one Countly request in seconds; longer ones are cut.',
    min: 1,
    max: 31_536_000,
    default: 86_400,
  }),
  bodyBytes: bytesSetting({
    variable: 'TALLYHOUSE_COUNTLY_BODY_BYTES',
    description: 'Largest body of a Countly request.',
    default: '16M',
  }),
};
