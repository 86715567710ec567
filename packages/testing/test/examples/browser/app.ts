import { browserReports, type Tracker, tracking } from '@successeve/express';
import express, { type Express } from 'express';

export function createApp(tracker: Tracker): Express {
  const app = express();
  app.use(
    tracking(tracker, {
      browser: { events: ['filter_saved'] },
      identify: ({ headers: { cookie } }) => cookie?.startsWith('user=') && { contactUid: cookie.slice(5) },
    }),
  );
  app.use(browserReports());
  return app;
}
