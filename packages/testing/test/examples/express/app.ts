import { type Tracker, tracking } from '@successeve/express';
import express, { type Express } from 'express';

/** Takes its tracker, so that a test can give it a recorder. */
export function createApp(tracker: Tracker): Express {
  const app = express();
  app.use(
    tracking(tracker, {
      identify: ({ headers: { cookie } }) => cookie?.startsWith('user=') && { contactUid: cookie.slice(5) },
    }),
  );
  app.post('/register', express.json(), (req, res) => {
    req.track.identify({ contactUid: 7 });
    req.track.event('user_registration', { params: { plan: req.body.plan } });
    res.cookie('user', 7).redirect(303, '/onboarding');
  });
  app.get('/onboarding', (_req, res) => {
    res.send('<h1>Welcome</h1>');
  });
  return app;
}
