import { readForm } from './form-text.ts';
import type { ValueMap } from './nested.ts';

/** What a call may ask for besides its parameters, in the header `3scale-options` (contract 5.6). */
export interface CallOptions {
  readonly noBody: boolean;
  readonly rejectionReason: boolean;
  readonly limitHeaders: boolean;
  readonly hierarchy: boolean;
  readonly flatUsage: boolean;
  readonly listAppKeys: boolean;
}

const NONE: CallOptions = {
  noBody: false,
  rejectionReason: false,
  limitHeaders: false,
  hierarchy: false,
  flatUsage: false,
  listAppKeys: false,
};

/** @param parameters `no_body` may stand there too */
export function callOptions(header: string | string[] | undefined, parameters: ValueMap): CallOptions {
  if (header === undefined && !parameters.has('no_body')) return NONE;
  const read = readForm(typeof header === 'string' ? header : '');
  const given = new Map(read.ok ? read.value.pairs : []);
  const isOn = (name: string): boolean => given.get(name) === '1';
  const noBody = given.get('no_body') ?? parameters.get('no_body') ?? null;
  return {
    // Any value says yes, as it always did.
    noBody: noBody !== null && noBody !== '0' && noBody !== 'false',
    rejectionReason: isOn('rejection_reason_header'),
    limitHeaders: isOn('limit_headers'),
    hierarchy: isOn('hierarchy'),
    flatUsage: isOn('flat_usage'),
    listAppKeys: isOn('list_app_keys'),
  };
}
