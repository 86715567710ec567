import Router from '@koa/router';
import '@successeve/koa';

interface User {
  readonly id: string;
  readonly orgId: string;
}
declare function signIn(credentials: unknown): Promise<User>;
declare module 'koa' {
  interface Request {
    body?: unknown;
  }
}
const router = new Router();
// the block
