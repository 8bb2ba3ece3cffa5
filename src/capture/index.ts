/** Sends what an application answers to a Tallyhouse server, as rows of `requests`. Needs nothing but Node. */
export { createCapture, type Capture } from './capture.ts';
export { expressCapture, type ExpressCapture } from './express.ts';
export { fastifyCapture, type FastifyHooks } from './fastify.ts';
export type { CaptureOptions, CaptureStats, CapturedRow } from './options.ts';
