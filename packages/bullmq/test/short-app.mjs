// An application that tracks ten events and has nothing else to do. Run against the built packages.
import { createTracker } from '../../core/dist/index.mjs';
import { bullmqTransport } from '../dist/index.mjs';

const { APP_REDIS, APP_QUEUE } = process.env;
const tracker = createTracker({
  transport: bullmqTransport({ connection: APP_REDIS, queueName: APP_QUEUE }),
});
for (let contactUid = 0; contactUid < 10; contactUid++) tracker.event('tested', { contactUid });
