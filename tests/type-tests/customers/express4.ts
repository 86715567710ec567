import { browserReports, createTracker, tracking } from '@successeve/express';
import express, { type Request } from 'express';

declare global {
  namespace Express {
    interface Request {
      user?: { id: string };
    }
  }
}

const tracker = createTracker();
const app = express();
app.use(tracking(tracker, { identify: (req) => req.user && { contactUid: req.user.id } }));
app.use(tracking(tracker, { identify: (req: Request) => req.user && { contactUid: req.user.id } }));
app.use('/reports', tracking(tracker, { identify: ({ user }) => user && { contactUid: user.id } }));
app.use(browserReports());
express.Router().use(tracking(tracker, { identify: () => null }));
tracking(tracker, { identify: (req) => req.nobody }); // error: Property 'nobody' does not exist

app.get('/', ({ track }: Request) => track.event('report_exported'));
