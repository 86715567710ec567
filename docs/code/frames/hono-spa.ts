import { browserReports, createTracker, tracking } from '@successeve/hono';
import { type Context, Hono, type MiddlewareHandler } from 'hono';

declare const session: () => MiddlewareHandler;
declare const authenticate: () => MiddlewareHandler;
declare const checkCsrf: () => MiddlewareHandler;
const tracker = createTracker();
const identify = (c: Context) => c.get('user') && { contactUid: c.get('user').id };
const app = new Hono();
// the block
