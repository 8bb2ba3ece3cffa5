import { Busboy } from '@fastify/busboy';
import { fail, ok, type Result } from '../../../domain/result.ts';
import { MAX_PARAMETERS, type Pair } from './form-text.ts';
import { BAD_REQUEST, type ServiceRefusal } from './refusals.ts';

/** Reads the fields of a multipart form; files in it are passed over. */
export async function readMultipart(
  body: Buffer,
  contentType: string,
): Promise<Result<readonly Pair[], ServiceRefusal>> {
  const pairs: Pair[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const form = new Busboy({
        headers: { 'content-type': contentType },
        limits: { fields: MAX_PARAMETERS, fieldNameSize: body.length + 1, fieldSize: body.length + 1 },
      });
      form.on('field', (name, value) => pairs.push([name, value]));
      form.on('file', (_name, file) => file.resume());
      form.on('fieldsLimit', () => reject(new Error('too many fields')));
      form.on('error', reject);
      form.on('finish', resolve);
      form.end(body);
    });
  } catch {
    return fail(BAD_REQUEST);
  }
  return ok(pairs);
}
