// The baseline of the write benchmarks: reads a body, or the query of a GET, parses it, answers. Nothing a server could leave out.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'GET') {
      const { searchParams } = new URL(request.url, 'http://127.0.0.1');
      const answer = `<status><authorized>${searchParams.has('user_key')}</authorized></status>`;
      response.writeHead(200, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(answer) });
      response.end(answer);
      return;
    }
    const rows = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const answer = JSON.stringify({ accepted: rows.length, duplicate: 0, rejected: [] });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`Tallyhouse is listening on http://127.0.0.1:${server.address().port}\n`);
});
