import type { Services } from '../../dialect.ts';
import { sentByApp } from '../access/sent-by-app.ts';
import { message, problemAnswer, type Answer } from '../transport/answer.ts';
import type { Endpoint } from '../transport/call.ts';
import { entryOf } from './entry.ts';
import { writeSchema } from './schema.ts';
import { readWrite, type Reader } from './write-request.ts';

/** `/i`: what an SDK tells about one device (contract 2.1 to 2.10). */
export function writeEndpoint({ directory, ingest, clock }: Services, reader: Reader): Endpoint {
  return {
    path: '/i',
    schema: writeSchema,
    run: async (call) => {
      const sent = sentByApp(await directory.apps(), call);
      if (!sent.ok) return sent.problem;
      const { parameters } = call;
      const request = readWrite(reader, { app: sent.value.app, parameters, caller: call, arrival: clock.now() });
      if (request.begins && !parameters.has('sdk_version')) call.log.debug('a session began without sdk_version');
      const stored = await ingest.accept({ source: 'countly', entries: [entryOf(request)] });
      if (!stored.ok) return problemAnswer(stored.problem);
      const [outcome] = stored.value.outcomes;
      if (outcome?.kind === 'duplicate') return success('Request ignored: Duplicate request');
      if (request.invalid.length === 0) return SUCCESS;
      return success(`Ignored invalid JSON in ${request.invalid.map((name) => `"${name}"`).join(' and ')}`);
    },
  };
}

const SUCCESS = message('Success');

function success(info: string): Answer {
  return { body: { result: 'Success', info } };
}
