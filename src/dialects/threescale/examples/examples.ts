import type { Example, Examples } from './example.ts';
import { accountExamples } from './account-examples.ts';
import { applicationExamples } from './application-examples.ts';
import { metricExamples } from './metric-examples.ts';
import { serviceExamples } from './service-examples.ts';
import { statsExamples } from './stats-examples.ts';

/**
 * Answers for the API reference by the name of what is asked for. A test asks for each.
 *
 * @throws TypeError for a name without example, when the route is made
 */
export function exampleOf(name: string): Example {
  const example = EXAMPLES[name];
  if (example === undefined) throw new TypeError(`no example of ${name}`);
  return example;
}

const EXAMPLES: Examples = {
  ...applicationExamples,
  ...accountExamples,
  ...serviceExamples,
  ...metricExamples,
  ...statsExamples,
};
