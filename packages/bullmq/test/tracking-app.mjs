// An application that tracks and prints what it handed over, until it is killed. Run against the built packages.
import { createTracker } from '../../core/dist/index.mjs';
import { bullmqTransport } from '../dist/index.mjs';

const { APP_NAME, APP_REDIS, APP_QUEUE, APP_EVENTS, APP_PER_TURN = '20' } = process.env;

const say = (line) => process.stdout.write(`${line}\n`);
const tracker = createTracker({
  transport: bullmqTransport({ connection: APP_REDIS, queueName: APP_QUEUE }),
  retry: { minDelayMs: 50, maxDelayMs: 500 },
  onError: (error) => say(`error ${error.message}`),
  onDrop: (event, reason) => say(`dropped ${event.contactUid} ${reason}`),
});

let n = 0;
const timer = setInterval(() => {
  for (let i = 0; i < Number(APP_PER_TURN) && n < Number(APP_EVENTS); i++, n++) {
    const contactUid = `${APP_NAME}-${n}`;
    if (n % 3) tracker.event('tested', { contactUid });
    else tracker.pageview({ contactUid, visitUrl: 'https://example.com/' });
  }
  const upTo = n;
  void tracker.flush({ timeoutMs: 120_000 }).then(({ pending }) => {
    if (pending === 0) say(`handed over ${upTo}`);
  });
  if (n === Number(APP_EVENTS)) clearInterval(timer);
}, 20);
setInterval(() => {}, 1000);
say('started');
