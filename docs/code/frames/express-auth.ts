import { createTracker, tracking } from '@successeve/express';

// What their types declare, with what the page tells the reader to add.
declare global {
  namespace Express {
    interface User {
      id: string;
      orgId: string;
    }
    interface Request {
      user?: User;
      session?: { userId?: string };
      auth?: { sub: string; org: string };
    }
  }
}
// the block
