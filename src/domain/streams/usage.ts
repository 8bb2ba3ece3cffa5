import type { StreamDeclaration } from './declaration.ts';

const MAX_COUNT = Number.MAX_SAFE_INTEGER;

export const usage: StreamDeclaration = {
  name: 'usage',
  description: 'A metered quantity of one metric used by one application.',
  fields: [
    { name: 'time', type: { kind: 'time' }, required: true, description: 'When it was used.' },
    {
      name: 'product',
      type: { kind: 'text', maxLength: 128 },
      required: true,
      dimension: true,
      description: 'System name of the product.',
    },
    {
      name: 'application',
      type: { kind: 'integer', min: 1, max: MAX_COUNT },
      required: true,
      dimension: true,
      description: 'Id of the application.',
    },
    {
      name: 'metric',
      type: { kind: 'text', maxLength: 128 },
      required: true,
      dimension: true,
      description: 'System name of the metric or method.',
    },
    {
      name: 'value',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 1 },
      description: 'Quantity used.',
    },
    {
      name: 'code',
      type: { kind: 'integer', min: 100, max: 999 },
      dimension: true,
      description: 'HTTP status of the metered call.',
    },
    {
      name: 'inherited',
      type: { kind: 'integer', min: 0, max: 1 },
      derived: true,
      description: '1 when the row was made because a method of the metric was used.',
    },
  ],
  madeRows: 'inherited',
  measures: [
    { name: 'value', description: 'Quantity used.', unit: 'count', aggregate: { kind: 'sum', field: 'value' } },
    { name: 'rows', description: 'Number of rows.', unit: 'count', aggregate: { kind: 'rows' } },
    {
      name: 'unique_applications',
      description: 'Different applications, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'application' },
    },
  ],
  derivedTables: ['usage_traffic_1d'],
  rollups: [
    {
      table: 'usage_15m',
      dimensions: ['product', 'application', 'metric', 'code'],
      measures: ['value', 'rows'],
    },
  ],
};
