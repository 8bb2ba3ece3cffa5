// The baseline of the write benchmarks: reads a body, parses it, answers. Nothing a server could leave out.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const rows = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const answer = JSON.stringify({ accepted: rows.length, duplicate: 0, rejected: [] });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`Tallyhouse is listening on http://127.0.0.1:${server.address().port}\n`);
});
