// A process that tracks and ends, as an application does. Run against the built package, in the Node that it gets.
import { createTracker } from '../dist/index.mjs';

const { APP_EVENTS = '200', APP_PAGEVIEWS = '0', APP_MODE, APP_BATCH, APP_TIMEOUT } = process.env;
let work;
const listen = () =>
  process.once('SIGTERM', () => {
    process.stdout.write('own handler\n');
    // The application closes its server, does its own things, and ends by itself.
    clearInterval(work);
  });
// A listener that is called once is no longer listed when it is called.
if (APP_MODE === 'own handler, there before us') listen();
const tracker = createTracker({
  retry: { minDelayMs: 50, maxDelayMs: APP_TIMEOUT ? 50 : undefined },
  batch: APP_BATCH === '1',
  timeoutMs: APP_TIMEOUT ? Number(APP_TIMEOUT) : undefined,
  flushOnExit: APP_MODE !== 'no flush',
  onDrop: (_, reason) => process.stdout.write(`onDrop ${reason}\n`),
});
process.once('exit', () => {
  const { queued, dropped, inFlight } = tracker.stats();
  process.stdout.write(`${dropped.closed} closed, ${queued} queued, ${inFlight} in flight\n`);
});

if (APP_MODE === 'own handler') listen();
if (APP_MODE === 'two copies') {
  const { createRequire } = await import('node:module');
  const copy = createRequire(import.meta.url)('../dist/index.cjs');
  copy.createTracker().event('from_the_copy', { contactUid: 'copy' });
}
work = ['natural end', 'no flush', 'process.exit', 'uncaught exception'].includes(APP_MODE)
  ? undefined
  : setInterval(() => {}, 1000);

for (let i = 0; i < Number(APP_PAGEVIEWS); i++)
  tracker.pageview({ contactUid: i, visitUrl: 'https://example.com/' });
for (let i = 0; i < Number(APP_EVENTS); i++) tracker.event('tested', { contactUid: i });
if (APP_MODE === 'serves on') setInterval(() => tracker.event('tested', { contactUid: 'served' }), 50);
process.stdout.write('tracked\n');
if (APP_MODE === 'process.exit') setTimeout(() => process.exit(), 50);
if (APP_MODE === 'uncaught exception') {
  setTimeout(() => {
    throw new Error('the application broke');
  }, 50);
}
