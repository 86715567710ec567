// An application that tracks until it is killed, and prints which events are on disk, and which answers it has read.
// Run against the built packages. APP_NAME marks its events and requests.
import { subscribe } from 'node:diagnostics_channel';
import { Agent } from 'node:http';
import { createTracker } from '../../core/dist/index.mjs';
import { sqliteQueue } from '../dist/index.mjs';

const {
  APP_NAME,
  APP_FILE,
  APP_MODE = 'load',
  APP_LEASE_MS = '1000',
  APP_BATCH,
  APP_EVENTS = '10',
} = process.env;

// A pipe is written to before this returns, so that each line is true, whenever the kill comes.
const say = (line) => process.stdout.write(`${line}\n`);

let requests = 0;
class NamedAgent extends Agent {
  addRequest(request, ...rest) {
    const number = ++requests;
    request.setHeader('x-sender', APP_NAME);
    request.setHeader('x-request', number);
    // This comes when all has been done that follows from an answer without a pause.
    request.once('response', () => queueMicrotask(() => process.nextTick(say, `read ${number}`)));
    super.addRequest(request, ...rest);
  }
}

const tracker = createTracker({
  queue: sqliteQueue({ path: APP_FILE, leaseMs: Number(APP_LEASE_MS) }),
  agent: new NamedAgent({ keepAlive: true, maxSockets: 16 }),
  batch: APP_BATCH === '1' && { maxWaitMs: 5 },
  // Long enough that an API on a busy machine is not given up on while it takes an event.
  timeoutMs: 2000,
  retry: { minDelayMs: 5, maxDelayMs: 50 },
  onError: (error) => error.code === 'queue_failed' && say(`error ${error.message}`),
  onDrop: (event, reason) => say(`dropped ${event.contactUid} ${reason}`),
});

let n = 0;
function trackSome() {
  for (let i = 0; i < Number(APP_EVENTS); i++, n++) {
    const contactUid = `${APP_NAME}-${n}`;
    if (n % 3) tracker.event('tested', { contactUid });
    else tracker.pageview({ contactUid, visitUrl: 'https://example.com/' });
  }
  const upTo = n;
  void tracker.persisted().then(() => say(`persisted ${upTo}`));
}

if (APP_MODE === 'kill itself') {
  trackSome();
  subscribe('successeve:delivered', ({ events }) => {
    for (const { contactUid } of events) say(`delivered ${contactUid}`);
    process.kill(process.pid, 'SIGKILL');
  });
}
if (APP_MODE === 'load') setInterval(trackSome, 10);
if (APP_MODE === 'drain') setInterval(() => {}, 1000);
if (APP_MODE === 'identify') {
  tracker.contact(APP_NAME, { plan: 'pro' });
  void tracker.persisted().then(() => say('persisted 1'));
  setInterval(() => {}, 1000);
}
if (APP_MODE === 'short') trackSome();
if (APP_MODE === 'exit') {
  trackSome();
  process.exit(0);
}
if (APP_MODE === 'throw') {
  trackSome();
  throw new Error('on purpose');
}
if (APP_MODE === 'signal') {
  trackSome();
  setInterval(() => {}, 1000);
}
if (APP_MODE === 'busy') {
  // Some thousands a second, as a server does: each event in the turn of its request.
  const track = () => {
    tracker.event('tested', { contactUid: `${APP_NAME}-${n++}` });
    say(`tracked ${n}`);
    setTimeout(track, 0);
  };
  for (let i = 0; i < 4; i++) track();
}
say('started');
