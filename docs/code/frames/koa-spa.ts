import { browserReports, createTracker, tracking } from '@successeve/koa';
import Koa, { type Context, type Middleware } from 'koa';

declare const session: () => Middleware;
declare const authenticate: () => Middleware;
declare const checkCsrf: () => Middleware;
const tracker = createTracker();
const identify = (ctx: Context) => ctx.state.user && { contactUid: ctx.state.user.id };
const app = new Koa();
// the block
