import { bytesSetting, integerSetting, setting, textSetting } from '../../config/setting.ts';

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
  prefix: setting({
    variable: 'TALLYHOUSE_COUNTLY_PREFIX',
    description: 'Path in front of /i, /o and /api-key, for clients that were set up so; they answer without it too.',
    accepts: 'a path that begins with / and does not end with one, e.g. /stats',
    default: '',
    parse: (text) => (/^(?:\/[A-Za-z0-9._~-]+)*$/.test(text) ? text : undefined),
  }),
  geoFile: textSetting({
    variable: 'TALLYHOUSE_COUNTLY_GEO_FILE',
    description:
      'MaxMind database (.mmdb) that Countly sessions are located with; one with cities gives cities too. ' +
      'Unset: the countries that come with the server.',
    default: undefined,
  }),
};
