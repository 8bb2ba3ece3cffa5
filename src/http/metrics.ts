import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Histogram, Registry } from 'prom-client';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of the dialect a route belongs to; set on the dialect's scope. */
    dialect?: string;
  }
}

const NAME = 'tallyhouse_http_request_duration_seconds';
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface Labels {
  readonly dialect: string;
  readonly route: string;
  readonly method: string;
  readonly status: string;
}

/** Answers with the same labels. */
interface Series {
  readonly labels: Labels;
  /** Answers by the smallest bucket that holds them; the last is for those longer than all. */
  readonly counts: number[];
  seconds: number;
}

/**
 * Counts and times of answers by dialect, route pattern (never the path itself) and class of status.
 *
 * A histogram as prom-client writes it, but counted here: that library checks and hashes the labels at every
 * observation, which a small request would feel.
 */
export class HttpMetrics {
  readonly name = NAME;
  /** By all labels in one text. */
  readonly #series = new Map<string, Series>();
  /** The same by configuration of the route, method and class of status, which is quicker to find. */
  readonly #found = new WeakMap<object, Map<string, (Series | undefined)[]>>();

  constructor(registry: Registry) {
    // Of the library's own kinds in all that the registry uses.
    registry.registerMetric(this as unknown as Histogram);
  }

  answered(request: FastifyRequest, reply: FastifyReply): void {
    const seconds = reply.elapsedTime / 1000;
    const series = this.#seriesOf(request, Math.floor(reply.statusCode / 100));
    const bucket = BUCKETS.findIndex((limit) => seconds <= limit);
    const at = bucket < 0 ? BUCKETS.length : bucket;
    series.counts[at] = (series.counts[at] ?? 0) + 1;
    series.seconds += seconds;
  }

  /** What the registry asks for when metrics are read. */
  async get(): Promise<object> {
    return {
      name: NAME,
      help: 'Time from the first byte of a request to the last byte of its answer.',
      type: 'histogram',
      aggregator: 'sum',
      values: [...this.#series.values()].flatMap(valuesOf),
    };
  }

  #seriesOf(request: FastifyRequest, statusClass: number): Series {
    const { url, config } = request.routeOptions;
    const { method } = request;
    let ofRoute = this.#found.get(config);
    if (ofRoute === undefined) this.#found.set(config, (ofRoute = new Map<string, (Series | undefined)[]>()));
    let ofMethod = ofRoute.get(method);
    if (ofMethod === undefined) ofRoute.set(method, (ofMethod = []));
    return (ofMethod[statusClass] ??= this.#seriesWith({
      dialect: config.dialect ?? 'none',
      route: url ?? 'unknown',
      method,
      status: `${statusClass}xx`,
    }));
  }

  #seriesWith(labels: Labels): Series {
    const key = Object.values(labels).join(' ');
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels, counts: [...BUCKETS, Infinity].map(() => 0), seconds: 0 };
      this.#series.set(key, series);
    }
    return series;
  }
}

function valuesOf({ labels, counts, seconds }: Series): object[] {
  let sum = 0;
  const buckets = [...BUCKETS, '+Inf'].map((le, at) => {
    sum += counts[at] ?? 0;
    return { labels: { ...labels, le }, value: sum, metricName: `${NAME}_bucket` };
  });
  return [
    ...buckets,
    { labels, value: seconds, metricName: `${NAME}_sum` },
    { labels, value: sum, metricName: `${NAME}_count` },
  ];
}
