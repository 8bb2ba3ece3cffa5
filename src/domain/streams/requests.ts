import type { StreamDeclaration } from './declaration.ts';

const MAX_COUNT = Number.MAX_SAFE_INTEGER;

export const requests: StreamDeclaration = {
  name: 'requests',
  description: 'One row per API call, or per batch of equal calls.',
  fields: [
    { name: 'time', type: { kind: 'time' }, required: true, description: 'When the call was made.' },
    {
      name: 'service',
      type: { kind: 'text', maxLength: 64 },
      required: true,
      dimension: true,
      description: 'Service called; cut at its first dot.',
    },
    {
      name: 'url',
      type: { kind: 'text', maxLength: 8192 },
      dimension: true,
      description: 'Absolute URL or path, query included.',
    },
    { name: 'method', type: { kind: 'text', maxLength: 16 }, dimension: true, description: 'HTTP method.' },
    {
      name: 'status',
      type: { kind: 'integer', min: 100, max: 599 },
      dimension: true,
      description: 'HTTP status.',
    },
    {
      name: 'bytes',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, default: 0 },
      description: 'Response bytes of all calls of the row together.',
    },
    { name: 'cache', type: { kind: 'text', maxLength: 32 }, dimension: true, description: 'Cache outcome, e.g. HIT.' },
    {
      name: 'sdk',
      type: { kind: 'text', maxLength: 256 },
      dimension: true,
      description: 'Client library and version.',
    },
    { name: 'device', type: { kind: 'text', maxLength: 1024 }, dimension: true, description: 'Device or user agent.' },
    { name: 'stack', type: { kind: 'text', maxLength: 128 }, dimension: true, description: 'API key of a stack.' },
    { name: 'project', type: { kind: 'text', maxLength: 128 }, dimension: true, description: 'Project uid.' },
    { name: 'environment', type: { kind: 'text', maxLength: 128 }, dimension: true, description: 'Environment uid.' },
    {
      name: 'application',
      type: { kind: 'integer', min: 1, max: MAX_COUNT },
      dimension: true,
      description: 'Id of a 3scale application.',
    },
    {
      name: 'thing',
      type: { kind: 'text', maxLength: 256 },
      dimension: true,
      description: 'Key of the calling thing.',
    },
    { name: 'user', type: { kind: 'text', maxLength: 256 }, dimension: true, description: 'Id of the calling user.' },
    {
      name: 'duration_ms',
      type: { kind: 'integer', min: 0, max: MAX_COUNT, nullable: true },
      description: 'Time to answer, of all calls of the row together, in milliseconds.',
    },
    { name: 'ip', type: { kind: 'text', maxLength: 64 }, dimension: true, description: 'Address of the caller.' },
    {
      name: 'country',
      type: { kind: 'text', maxLength: 64 },
      dimension: true,
      description: 'Country of the caller, usually ISO 3166-1 alpha-2.',
    },
    {
      name: 'count',
      type: { kind: 'integer', min: 1, max: MAX_COUNT, default: 1 },
      description: 'How many equal calls the row stands for.',
    },
  ],
  measures: [
    {
      name: 'count',
      description: 'Number of calls.',
      unit: 'count',
      aggregate: { kind: 'sum', field: 'count' },
    },
    { name: 'rows', description: 'Number of rows.', unit: 'count', aggregate: { kind: 'rows' } },
    { name: 'bytes', description: 'Response bytes.', unit: 'bytes', aggregate: { kind: 'sum', field: 'bytes' } },
    {
      name: 'duration_ms',
      description: 'Mean time to answer of the rows that have one.',
      unit: 'ms',
      aggregate: { kind: 'mean', field: 'duration_ms' },
    },
    {
      name: 'unique_users',
      description: 'Different users, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'user' },
    },
    {
      name: 'unique_things',
      description: 'Different things, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'thing' },
    },
    {
      name: 'unique_ips',
      description: 'Different caller addresses, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'ip' },
    },
    {
      name: 'unique_urls',
      description: 'Different URLs, exact.',
      unit: 'count',
      aggregate: { kind: 'uniques', field: 'url' },
    },
  ],
  rollups: [
    {
      table: 'requests_by_service_15m',
      dimensions: ['service'],
      measures: ['count', 'rows', 'bytes', 'duration_ms'],
    },
    {
      table: 'requests_15m',
      dimensions: ['service', 'status', 'cache'],
      measures: ['count', 'rows', 'bytes', 'duration_ms'],
    },
  ],
};
