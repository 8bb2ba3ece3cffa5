import { describe, SDK_PARAMETERS, SDK_REFUSALS } from '../reference.ts';

export const sdkSchema = describe({
  tag: 'SDK',
  summary: 'What SDKs ask at their start',
  description: 'Nothing of it is configured here, and nothing is counted. `/i/sdk` answers alike.',
  keyed: false,
  required: {
    ...SDK_PARAMETERS,
    method: '`sc` (configuration), `rc` or `fetch_remote_config`, `ab`, `feedback`.',
  },
  answers: {
    sc: { v: 2, t: 1_392_710_400_000, c: {} },
    'rc, fetch_remote_config': {},
    ab: { result: 'Success' },
    feedback: { result: [] },
  },
  refusals: { 400: [...(SDK_REFUSALS[400] ?? []), 'Invalid method'] },
});

export const contentSchema = describe({
  tag: 'SDK',
  summary: 'The content zone of SDKs',
  keyed: false,
  required: { ...SDK_PARAMETERS, method: '`queue`.' },
  answers: { queue: {} },
  refusals: { 400: [...(SDK_REFUSALS[400] ?? []), 'Invalid method'] },
});
