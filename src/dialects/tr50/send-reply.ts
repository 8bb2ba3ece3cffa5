import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** Replies up to this many characters are sent whole and with their length, larger ones piece by piece. */
const WHOLE_CHARACTERS = 1_048_576;
const PIECE_CHARACTERS = 65_536;

/** Sends JSON text that comes in pieces, holding no more of it in memory than the client is ready to take. */
export function sendPieces(reply: FastifyReply, pieces: Iterator<string>): FastifyReply {
  const head = take(pieces, WHOLE_CHARACTERS);
  reply.type('application/json; charset=utf-8');
  if (head.done) return reply.send(head.text);
  return reply.send(Readable.from(gathered(head.text, pieces), { highWaterMark: 2 }));
}

function* gathered(head: string, pieces: Iterator<string>): Generator<string> {
  yield head;
  for (;;) {
    const { text, done } = take(pieces, PIECE_CHARACTERS);
    if (text !== '') yield text;
    if (done) return;
  }
}

function take(pieces: Iterator<string>, characters: number): { readonly text: string; readonly done: boolean } {
  let text = '';
  while (text.length <= characters) {
    const next = pieces.next();
    if (next.done === true) return { text, done: true };
    text += next.value;
  }
  return { text, done: false };
}
