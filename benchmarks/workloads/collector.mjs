// What takes the events: any path, any format, compressed or not. It knows an event again by its mark.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { idsIn } from '../lib/marks.mjs';
import { answerWith } from '../lib/processes.mjs';

const answers = JSON.stringify({ status: 'success', ok: 1, success: true });

/** The API's own answer: 900 requests in 300 seconds, none of which is left. */
const budgetIsSpent = {
  'x-ratelimit-limit': '900',
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': '300',
};

let delayMs = 0;
let isHanging = false;
/** How many more requests it takes, before the API's budget is spent. */
let requestsLeft = Infinity;
let seen = new Uint8Array(0);
const counts = { requests: 0, sockets: 0, unique: 0, repeated: 0, lastAt: 0 };

const server = createServer((req, res) => {
  counts.requests++;
  if (isHanging) return;
  const isWithinBudget = requestsLeft-- > 0;
  /** @type {Buffer[]} */
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => {
    if (isWithinBudget) take(req, Buffer.concat(chunks));
    const answer = () =>
      isWithinBudget
        ? res.writeHead(200, { 'content-type': 'application/json' }).end(answers)
        : res.writeHead(429, budgetIsSpent).end();
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
});
server.on('connection', () => counts.sockets++);
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1');
await once(server, 'listening');

/**
 * @param {import('node:http').IncomingMessage} req
 * @param {Buffer} body
 */
function take({ url = '', headers }, body) {
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
  // Mixpanel puts base64 into a form, or into the query.
  const form = new URLSearchParams(text.startsWith('data=') ? text : url.split('?')[1]);
  const data = form.get('data');
  for (const id of idsIn(data ? Buffer.from(data, 'base64').toString() : text)) {
    if (id >= seen.length || seen[id]) counts.repeated++;
    else {
      seen[id] = 1;
      counts.unique++;
    }
  }
  counts.lastAt = Date.now();
}

answerWith(({ ask, ...rest }) => {
  if (ask === 'reset') {
    ({ delayMs = 0, isHanging = false, requestsLeft = Infinity } = rest);
    seen = new Uint8Array(rest.events);
    Object.assign(counts, { requests: 0, sockets: 0, unique: 0, repeated: 0, lastAt: 0 });
    server.closeAllConnections();
  } else if (ask === 'answer') {
    // Those who were left hanging try again on new connections.
    isHanging = false;
    server.closeAllConnections();
  }
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { ...counts, url: `http://127.0.0.1:${port}` };
});
