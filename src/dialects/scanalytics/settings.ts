import { integerSetting, switchSetting } from '../../config/setting.ts';

export const settings = {
  revokeFamilyOnReplay: switchSetting({
    variable: 'TALLYHOUSE_OAUTH_REVOKE_FAMILY',
    description: 'End all tokens that came from one log-in when a used refresh token is shown again.',
    default: false,
  }),
  failedGrants: integerSetting({
    variable: 'TALLYHOUSE_OAUTH_FAILURES',
    description: 'Failed password grants of a user within 60 seconds after which all are refused for 60 seconds.',
    min: 1,
    max: 1000,
    default: 10,
  }),
  rateLimits: switchSetting({
    variable: 'TALLYHOUSE_SCANALYTICS_RATE_LIMITS',
    description: 'Hold Scanalytics callers to 180 requests a minute and 1200 an hour, anonymous ones to 20 a minute.',
    default: true,
  }),
};
