import { hash } from 'node:crypto';
import { OccurrenceCounter } from './occurrence-counter.ts';

const ID_CHARACTERS = 16;

/**
 * Ids for rows that bring none, made of what the row says and how often it was said before in this run: the same lines
 * give the same ids whatever file they stand in, however far the file has grown, and with other lines repaired, added or
 * cut off around them. Two equal lines of a log are two rows; the same log read twice is not.
 *
 * An id is 96 bits of SHA-256 as 16 characters, so that a billion rows meet by chance about once in 10^11 tries.
 */
export class RowIds {
  readonly #seen = new OccurrenceCounter();

  /** @param content what the row says, as it stands in the file */
  next(content: Buffer): string {
    const digest = hash('sha256', content, 'base64url').slice(0, ID_CHARACTERS);
    const occurrence = this.#seen.count(Buffer.from(digest, 'base64url'));
    if (occurrence === 1) return digest;
    return hash('sha256', `${digest} ${occurrence}`, 'base64url').slice(0, ID_CHARACTERS);
  }
}
