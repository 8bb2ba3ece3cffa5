import type { Filter, Question } from '../../../../domain/question.ts';
import { UTC } from '../../../../domain/time/zones.ts';
import { rangeOfDays } from '../date.ts';
import type { Run } from './run.ts';

/** Calls of the organization in the range, to the services asked for, narrowed by the filters that are there. */
export function callsQuestion(
  { organization, request }: Pick<Run, 'organization' | 'request'>,
  asked: Pick<Question, 'measures' | 'dimensions'> & Partial<Question>,
): Question {
  const { from, to, services, duration, apiKey } = request;
  const stack: readonly Filter[] = apiKey === null ? [] : [equals('stack', apiKey)];
  return {
    stream: 'requests',
    scope: { organizations: [organization] },
    range: rangeOfDays(from, to),
    bucket: { unit: duration, count: 1, zone: UTC },
    ...asked,
    filters: [{ dimension: 'service', operator: 'in', values: services }, ...stack, ...(asked.filters ?? [])],
  };
}

export function equals(dimension: string, value: string | number): Filter {
  return { dimension, operator: 'in', values: [value] };
}
