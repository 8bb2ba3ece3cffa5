import { randomUUID } from 'node:crypto';

/** Texts in the form of UUIDs, none given twice: the beginning is drawn for the process, the end counts. */
export function requestIds(): () => string {
  const beginning = randomUUID().slice(0, 24);
  let count = 0;
  return () => {
    count += 1;
    return beginning + count.toString(16).padStart(12, '0');
  };
}
