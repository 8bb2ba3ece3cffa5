import type { StreamDeclaration } from './declaration.ts';

const MAX_COUNT = Number.MAX_SAFE_INTEGER;

export const visits: StreamDeclaration = {
  name: 'visits',
  description: 'Visits counted by a floor sensor. A row names its device or its array, never both.',
  fields: [
    { name: 'time', type: { kind: 'time' }, required: true, description: 'When the visit began.' },
    { name: 'device', type: { kind: 'text', maxLength: 64 }, dimension: true, description: 'Key of the device.' },
    {
      name: 'array',
      type: { kind: 'text', maxLength: 64 },
      dimension: true,
      derivedFrom: 'device',
      description: 'Key of the array; of a device, the array it belonged to when the row arrived.',
    },
    {
      name: 'deployment',
      type: { kind: 'text', maxLength: 64 },
      dimension: true,
      derived: true,
      description: 'Key of the deployment the array belonged to when the row arrived.',
    },
    {
      name: 'count',
      type: { kind: 'integer', min: 1, max: MAX_COUNT, default: 1 },
      description: 'How many visits the row stands for.',
    },
    {
      name: 'dwell_ms',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, nullable: true },
      description: 'Time stayed, in milliseconds.',
    },
    {
      name: 'direction',
      type: { kind: 'text', maxLength: 3, oneOf: ['in', 'out'] },
      dimension: true,
      description: 'Direction of the visit.',
    },
  ],
  measures: [
    { name: 'count', description: 'Number of visits.', unit: 'count', aggregate: { kind: 'sum', field: 'count' } },
    { name: 'rows', description: 'Number of rows.', unit: 'count', aggregate: { kind: 'rows' } },
    {
      name: 'dwell_ms',
      description: 'Mean time stayed of the rows that have one.',
      unit: 'ms',
      aggregate: { kind: 'mean', field: 'dwell_ms' },
    },
    {
      name: 'unique_devices',
      description: 'Different devices, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'device' },
    },
  ],
  rollups: [
    {
      table: 'visits_15m',
      dimensions: ['deployment', 'array', 'device', 'direction'],
      measures: ['count', 'rows', 'dwell_ms'],
    },
  ],
};
