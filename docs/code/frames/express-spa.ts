import { browserReports, createTracker, tracking } from '@successeve/express';
import express, { type RequestHandler } from 'express';

declare global {
  namespace Express {
    interface Request {
      user?: { id: string; orgId: string };
    }
  }
}
declare const session: () => RequestHandler;
declare const authenticate: () => RequestHandler;
declare const checkCsrf: () => RequestHandler;
const tracker = createTracker();
const identify = (req: express.Request) =>
  req.user && { contactUid: req.user.id, accountUid: req.user.orgId };
declare const changelog: string;
const app = express();
// the block
