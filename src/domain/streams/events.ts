import type { StreamDeclaration } from './declaration.ts';

const MAX_COUNT = Number.MAX_SAFE_INTEGER;

export const events: StreamDeclaration = {
  name: 'events',
  description: 'A custom event of an app’s user.',
  fields: [
    { name: 'time', type: { kind: 'time' }, required: true, description: 'When it happened.' },
    {
      name: 'app',
      type: { kind: 'text', maxLength: 64 },
      required: true,
      dimension: true,
      description: 'Id of the app.',
    },
    {
      name: 'device',
      type: { kind: 'text', maxLength: 1024 },
      required: true,
      dimension: true,
      description: 'Id of the device, as the client names it.',
    },
    {
      name: 'key',
      type: { kind: 'text', maxLength: 256 },
      required: true,
      dimension: true,
      description: 'Name of the event.',
    },
    {
      name: 'count',
      type: { kind: 'integer', min: 1, max: MAX_COUNT, default: 1 },
      description: 'How many equal events the row stands for.',
    },
    { name: 'sum', type: { kind: 'number', default: 0 }, description: 'A quantity the event carries, e.g. a price.' },
    { name: 'duration', type: { kind: 'number', default: 0 }, description: 'Duration in seconds.' },
    {
      name: 'segmentation',
      type: { kind: 'json', maxBytes: 65_536 },
      description: 'Flat object of segment names and values.',
    },
    {
      name: 'sum_given',
      type: { kind: 'integer', min: 0, max: 1, default: 0 },
      derived: true,
      description: '1 when the row says a `sum`, be it 0.',
    },
    {
      name: 'duration_given',
      type: { kind: 'integer', min: 0, max: 1, default: 0 },
      derived: true,
      description: '1 when the row says a `duration`, be it 0.',
    },
    {
      name: 'era',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 0 },
      derived: true,
      description: 'When the app was made or last reset, in milliseconds since 1970.',
    },
  ],
  measures: [
    { name: 'count', description: 'Number of events.', unit: 'count', aggregate: { kind: 'sum', field: 'count' } },
    { name: 'rows', description: 'Number of rows.', unit: 'count', aggregate: { kind: 'rows' } },
    { name: 'sum', description: 'Sum of the quantities.', unit: 'none', aggregate: { kind: 'sum', field: 'sum' } },
    { name: 'duration', description: 'Sum of durations.', unit: 's', aggregate: { kind: 'sum', field: 'duration' } },
    {
      name: 'unique_devices',
      description: 'Different devices, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'device' },
    },
  ],
  // Sums of fractions are left to the raw rows: their order of addition, and so their last digit, differs in a rollup.
  rollups: [{ table: 'events_15m', dimensions: ['app', 'key'], measures: ['count', 'rows'] }],
  derivedTables: ['event_values_15m'],
};
