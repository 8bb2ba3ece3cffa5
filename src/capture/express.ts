import type { IncomingMessage, ServerResponse } from 'node:http';
import { createCapture, type Capture } from './capture.ts';
import type { CaptureOptions } from './options.ts';

/** A middleware of Express, Connect, or anything else that hands on Node's request and response. */
export interface ExpressCapture {
  (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void;
  readonly capture: Capture;
}

/**
 * Captures every request that comes after it: `app.use(expressCapture({ service: 'shop' }))`. What waits is sent when the
 * HTTP server closes, or by `capture.close()`.
 */
export function expressCapture(options: CaptureOptions = {}): ExpressCapture {
  const capture = createCapture(options);
  const middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void => {
    capture.watch(request, response, request);
    next();
  };
  return Object.assign(middleware, { capture });
}
