// Fills its disk, which is a limit to the size of its files, and has that lifted again.
import { execFileSync } from 'node:child_process';
import { createTracker } from '../../core/dist/index.mjs';
import { sqliteQueue } from '../dist/index.mjs';

const limitFiles = (bytes) => execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:unlimited`]);
const until = async (isSo) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
};

let isAway = true;
const errors = [];
const tracker = createTracker({
  queue: sqliteQueue({ path: process.env.APP_FILE, leaseMs: 300 }),
  transport: {
    send: async () =>
      isAway ? { status: 'unavailable', error: new Error('away') } : { status: 'delivered' },
  },
  retry: { minDelayMs: 1, maxDelayMs: 10 },
  onError: ({ code }) => code && errors.push(code),
});
const track = (count) => {
  for (let i = 0; i < count; i++)
    tracker.event('tested', { contactUid: i, params: { text: 'x'.repeat(100) } });
};

limitFiles(1_000_000);
track(20_000);
let isPersisted = false;
const persisted = tracker.persisted().then(() => {
  isPersisted = true;
});
await until(() => errors.includes('queue_failed'));
// A heartbeat each tenth of a second still fits now and then, and the events are tried twice.
await new Promise((resolve) => setTimeout(resolve, 2500));
const waitedWhileFull = !isPersisted;
isAway = false;
await until(() => tracker.stats().delivered === 20_000);
const deliveredWhileFull = tracker.stats().delivered;
const { accepted, queued, inFlight } = tracker.stats();

limitFiles('unlimited');
await persisted;
isAway = true;
track(100);
await tracker.persisted();
await tracker.close({ timeoutMs: 0 });
const { DatabaseSync } = await import('node:sqlite');
const { n } = new DatabaseSync(process.env.APP_FILE).prepare('SELECT count(*) AS n FROM events').get();
const isBalanced = accepted === deliveredWhileFull + queued + inFlight;
console.log(
  JSON.stringify({
    errors,
    accepted,
    waitedWhileFull,
    deliveredWhileFull,
    isBalanced,
    onDiskAfter: n,
  }),
);
