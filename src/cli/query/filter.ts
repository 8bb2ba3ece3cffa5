import { dimensionsOf } from '../../domain/streams/dimensions.ts';
import { streams, type StreamName } from '../../domain/streams/index.ts';
import { CliError } from '../command.ts';

export interface WireFilter {
  readonly dimension: string;
  readonly operator: 'in' | 'not_in' | 'contains' | 'starts_with';
  readonly values: readonly (string | number | null)[];
}

const CONDITION = /^([A-Za-z_]\w*)(!=|\^=|~|=)(.*)$/s;
const OPERATORS = { '=': 'in', '!=': 'not_in', '~': 'contains', '^=': 'starts_with' } as const;

/**
 * Reads a condition: `status=404,500`, `service!=web`, `url~search`, `url^=/api`. An empty value is an absent one; a
 * comma or a backslash that belongs to a value has a backslash before it.
 */
export function parseFilter(condition: string, stream: StreamName): WireFilter {
  const [, dimension = '', sign = '', rest = ''] = CONDITION.exec(condition) ?? [];
  if (!isSign(sign)) {
    throw new CliError(`--filter: "${condition}" is no condition; give one like service=web or status!=200,304`, 2);
  }
  const operator = OPERATORS[sign];
  const integer = dimensionsOf(streams[stream]).get(dimension)?.type.kind === 'integer' && dimension !== 'organization';
  const values = splitValues(rest).map((text) => {
    if (text === '') return null;
    return integer && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
  });
  if ((operator === 'contains' || operator === 'starts_with') && values.includes(null)) {
    throw new CliError(`--filter: "${condition}" looks for nothing`, 2);
  }
  return { dimension, operator, values };
}

function isSign(sign: string): sign is keyof typeof OPERATORS {
  return Object.hasOwn(OPERATORS, sign);
}

function splitValues(text: string): string[] {
  const values = [''];
  for (const [, escaped, plain] of text.matchAll(/\\([\\,])|([^])/g)) {
    if (plain === ',') values.push('');
    else values.push(`${values.pop() ?? ''}${escaped ?? plain ?? ''}`);
  }
  return values;
}
