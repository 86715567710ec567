// A server of the application's own, with the adapter for Express in front of Next.
import { createTracker, tracking } from '@successeve/express';
import express from 'express';
import next from 'next';

const app = next({ dev: false, dir: import.meta.dirname });
await app.prepare();

const server = express();
const tracker = createTracker({ createdAt: true, logger: undefined });
server.use(
  tracking(tracker, {
    identify: (req) => {
      const contactUid = /user=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
      return contactUid ? { contactUid } : null;
    },
  }),
);
server.get('/express', (_req, res) => res.send('<h1>express</h1>'));
server.use((req, res) => app.getRequestHandler()(req, res));

const listening = server.listen(0, 'localhost', () => {
  const address = listening.address();
  console.log(`- Local: http://localhost:${typeof address === 'object' && address?.port}\nReady in no time`);
});
process.once('SIGTERM', () => listening.close(() => tracker.close().then(() => process.exit(0))));
