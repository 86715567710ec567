import { type Given, listen, openSite, page, type Site } from '@successeve/testing/adapter-contract';
import type Koa from 'koa';
import type { Context, Middleware, ParameterizedContext } from 'koa';
import { tracking } from './tracking.js';

/** Opens a site with an application of the test's own, in which ada is signed in. */
export type Open = (build: (app: Koa, track: Middleware) => void, given?: Given<Context>) => Promise<Site>;

/** Opens sites on one major of Koa. */
export function openOn(Application: typeof Koa): Open {
  return (build, given = {}) =>
    openSite(
      {
        userOf: () => ({ id: 'ada', orgId: 'org-of-ada' }),
        rawOf: (ctx) => ctx.req,
        mount(tracker, options) {
          const app = new Application();
          app.silent = true;
          build(app, tracking(tracker, options));
          return listen(app.callback());
        },
      },
      given,
    );
}

export function sendPage(ctx: ParameterizedContext): void {
  ctx.body = page;
}
