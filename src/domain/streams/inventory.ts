import type { StreamDeclaration } from './declaration.ts';

export const inventory: StreamDeclaration = {
  name: 'inventory',
  description: 'Something that was created: a project, an environment or a domain.',
  fields: [
    { name: 'time', type: { kind: 'time' }, required: true, description: 'When it was created.' },
    {
      name: 'kind',
      type: { kind: 'text', maxLength: 16, oneOf: ['project', 'environment', 'domain'] },
      required: true,
      dimension: true,
      description: 'What was created.',
    },
    {
      name: 'uid',
      type: { kind: 'text', maxLength: 128 },
      required: true,
      dimension: true,
      description: 'Its identifier.',
    },
  ],
  measures: [
    { name: 'rows', description: 'Number of rows.', unit: 'count', aggregate: { kind: 'rows' } },
    {
      name: 'unique_uids',
      description: 'Different identifiers, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'uid' },
    },
  ],
  rollups: [],
};
