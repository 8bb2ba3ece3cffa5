import { Busboy } from '@fastify/busboy';
import { isObject, MAX_PARAMETERS, parametersOf, parseForm, type Parameters } from './parameters.ts';

/** What a body says. */
export interface SentBody {
  readonly parameters: Parameters;
  /** What a checksum over the body covers (contract 2.8): the form as it travelled; null where only the query counts. */
  readonly signed: string | null;
}

const NOTHING: SentBody = { parameters: new Map(), signed: null };

/**
 * Reads a body by its type: multipart, JSON, and everything else as a form. A body that is not what its type says holds
 * no parameters: SDKs would repeat a refused request for ever, and hold up all behind it (contract 2.7).
 */
export function readBody(body: Buffer, contentType: string): SentBody | Promise<SentBody> {
  if (body.length === 0) return NOTHING;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'multipart/form-data') return readMultipart(body, contentType);
  const text = body.toString('utf8');
  return type === 'application/json' ? readJson(text) : { parameters: parseForm(text), signed: text };
}

function readJson(text: string): SentBody {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? { parameters: parametersOf(value), signed: null } : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** The text fields in the order sent; files are read past. */
async function readMultipart(body: Buffer, contentType: string): Promise<SentBody> {
  const fields = await fieldsOf(body, contentType);
  if (fields === null) return NOTHING;
  const parameters = new Map<string, unknown>();
  for (const [name, value] of fields) if (!parameters.has(name)) parameters.set(name, value);
  return { parameters, signed: fields.map(([name, value]) => `${name}=${value}`).join('&') };
}

/** Null when the body is no multipart form. */
async function fieldsOf(body: Buffer, contentType: string): Promise<(readonly [string, string])[] | null> {
  const fields: (readonly [string, string])[] = [];
  return new Promise((resolve) => {
    try {
      const parser = new Busboy({
        headers: { 'content-type': contentType },
        limits: { fieldSize: body.length, fields: MAX_PARAMETERS },
      });
      parser.on('field', (name, value) => fields.push([name, value]));
      parser.on('file', (_name, file) => {
        // A file cut off by the end of the body complains here; the parser says so too.
        file.on('error', () => resolve(null));
        file.resume();
      });
      parser.on('error', () => resolve(null));
      parser.on('finish', () => resolve(fields));
      parser.on('close', () => resolve(fields));
      parser.end(body);
    } catch {
      // No boundary.
      resolve(null);
    }
  });
}
