import { InvalidArgumentError } from 'commander';

/** How long a request took, by the unit it is logged in. */
const DURATIONS = { duration_ms: 1, duration_s: 1_000, duration_ns: 1e-6 } as const;
export type Duration = keyof typeof DURATIONS;

/** Milliseconds in one of the unit. */
export function millisecondsIn(duration: Duration): number {
  return DURATIONS[duration];
}

/**
 * Where JSON access logs have what, the first that is there counts. Dots lead into objects, or are part of the name.
 * Taken from nginx (as usually configured), Caddy, Traefik, pino-http, ECS, Google Cloud and Cloudflare.
 */
const PATHS = {
  time: ['time', 'timestamp', '@timestamp', 'ts', 'time_iso8601', 'time_local', 'StartUTC', 'EdgeStartTimestamp'],
  service: ['service', 'service.name'],
  url: [
    'url',
    'url.original',
    'url.full',
    'request_url',
    'httpRequest.requestUrl',
    'req.url',
    'request.uri',
    'request_uri',
    'uri',
    'path',
    'RequestPath',
    'ClientRequestURI',
    'request',
  ],
  host: ['host', 'http_host', 'request.host', 'req.headers.host', 'RequestHost', 'ClientRequestHost', 'url.domain'],
  scheme: ['scheme', 'request_scheme', 'url.scheme', 'RequestScheme', 'ClientRequestScheme'],
  method: [
    'method',
    'request_method',
    'request.method',
    'req.method',
    'http.request.method',
    'httpRequest.requestMethod',
    'RequestMethod',
    'ClientRequestMethod',
  ],
  status: [
    'status',
    'status_code',
    'statusCode',
    'res.statusCode',
    'response.status',
    'http.response.status_code',
    'httpRequest.status',
    'DownstreamStatus',
    'EdgeResponseStatus',
  ],
  bytes: [
    'bytes',
    'body_bytes_sent',
    'bytes_sent',
    'size',
    'response_size',
    'res.headers.content-length',
    'http.response.body.bytes',
    'http.response.bytes',
    'httpRequest.responseSize',
    'DownstreamContentSize',
    'EdgeResponseBytes',
  ],
  cache: ['cache', 'cache_status', 'upstream_cache_status', 'httpRequest.cacheHit', 'CacheCacheStatus'],
  sdk: ['sdk', 'x_user_agent', 'req.headers.x-user-agent', 'request.headers.X-User-Agent'],
  device: [
    'device',
    'user_agent',
    'user_agent.original',
    'http_user_agent',
    'userAgent',
    'req.headers.user-agent',
    'request.headers.User-Agent',
    'httpRequest.userAgent',
    'request_User-Agent',
    'ClientRequestUserAgent',
  ],
  stack: ['stack', 'api_key', 'req.headers.api_key', 'request.headers.Api_key'],
  project: ['project'],
  environment: ['environment'],
  thing: ['thing'],
  user: ['user', 'remote_user', 'user_id', 'request.user_id', 'user.id', 'user.name', 'ClientUsername'],
  ip: [
    'ip',
    'remote_addr',
    'client_ip',
    'clientIp',
    'request.client_ip',
    'request.remote_ip',
    'req.remoteAddress',
    'client.ip',
    'source.ip',
    'httpRequest.remoteIp',
    'ClientHost',
    'ClientIP',
  ],
  country: [
    'country',
    'client.geo.country_iso_code',
    'source.geo.country_iso_code',
    'geoip.country_code',
    'ClientCountry',
  ],
  count: ['count'],
  duration_ms: ['duration_ms', 'response_time_ms', 'responseTime', 'elapsed_ms'],
  duration_s: ['duration_s', 'request_time', 'duration', 'httpRequest.latency'],
  duration_ns: ['duration_ns', 'event.duration', 'Duration'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type JsonField = keyof typeof PATHS;
const JSON_FIELDS = Object.keys(PATHS) as readonly JsonField[];
export type FieldMap = ReadonlyMap<JsonField, string>;

/** One `--map field=path`, added to the earlier ones. */
export function mappedField(text: string, earlier: FieldMap): FieldMap {
  const [, name = '', path = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  const field = JSON_FIELDS.find((known) => known === name.trim());
  if (field === undefined) throw new InvalidArgumentError(`Give field=path; fields are ${JSON_FIELDS.join(', ')}.`);
  return new Map([...earlier, [field, path.trim()]]);
}

export type Scalar = string | number | boolean;

/** The value of a field in a record: at its mapped path, else at the first usual place that has one. */
export function valueOf(record: object, field: JsonField, map: FieldMap): Scalar | null {
  const mapped = map.get(field);
  for (const path of mapped === undefined ? PATHS[field] : [mapped]) {
    const value = valueAt(record, path);
    if (value !== null) return value;
  }
  return null;
}

/** The whole path may be one name, or any part of it up to a dot. Of an array the first element counts. */
function valueAt(within: unknown, path: string): Scalar | null {
  if (typeof within !== 'object' || within === null) return null;
  const exact = scalar(ownValue(within, path));
  if (exact !== null) return exact;
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const inner = valueAt(ownValue(within, path.slice(0, dot)), path.slice(dot + 1));
    if (inner !== null) return inner;
  }
  return null;
}

function ownValue(within: object, name: string): unknown {
  return Object.hasOwn(within, name) ? (within as Record<string, unknown>)[name] : undefined;
}

function scalar(value: unknown): Scalar | null {
  const single: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof single === 'string') return single === '' || single === '-' ? null : single;
  return typeof single === 'number' || typeof single === 'boolean' ? single : null;
}
