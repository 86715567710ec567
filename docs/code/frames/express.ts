import { createTracker, tracking } from '@successeve/express';
import express from 'express';

declare function signIn(credentials: unknown): Promise<{ readonly id: string; readonly orgId: string }>;
// What the page on getting started tells the reader to declare.
declare global {
  namespace Express {
    interface Request {
      user?: { id: string; orgId: string; email: string; name: string; plan: string };
      session: { destroy(done: () => void): void };
    }
  }
}
const app = express();
// the block
