import etag from '@koa/etag';
import Router from '@koa/router';
import { currentUser, pages, signIn, signOut, users } from '@successeve/example-site';
import { createTracker, tracking } from '@successeve/koa';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import conditional from 'koa-conditional-get';

// The token and the API's address come from SUCCESSEVE_API_TOKEN and SUCCESSEVE_API_URL.
// `debug` writes a line for every request: whether it was a pageview and, if not, why.
const tracker = createTracker({ debug: true });

const app = new Koa();
app.use(
  tracking(tracker, {
    identify({ state: { user } }) {
      return user && { contactUid: user.id, accountUid: user.company.id };
    },
  }),
);

app.use(conditional()).use(etag()).use(bodyParser());
app.use((ctx, next) => {
  const user = currentUser(ctx.req);
  ctx.state.user = user;
  // With every request: it is only sent when something about them has changed.
  if (user) {
    ctx.track.contact({ name: user.name });
    ctx.track.account({ name: user.company.name });
  }
  return next();
});

const anyone = new Router();
anyone.get('/', (ctx) => {
  ctx.body = pages.home(ctx.state.user);
});
anyone.get('/logo.svg', (ctx) => {
  ctx.type = 'svg';
  ctx.set('cache-control', 'max-age=3600');
  ctx.body = pages.logo;
});
anyone.get('/login', (ctx) => {
  ctx.body = pages.login(users);
});
anyone.post('/login', (ctx) => {
  const { user: wanted } = /** @type {{ user?: string }} */ (ctx.request.body);
  const user = users.find(({ id }) => id === wanted);
  if (user) signIn(ctx.res, user);
  redirect(ctx, user ? '/' : '/login');
});
anyone.post('/logout', (ctx) => {
  signOut(ctx.req, ctx.res);
  redirect(ctx, '/');
});
app.use(anyone.routes());

// From here on, somebody is signed in.
app.use((ctx, next) => (ctx.state.user ? next() : redirect(ctx, '/login')));
const signedIn = new Router();
signedIn.get('/onboarding', (ctx) => {
  ctx.body = pages.onboarding(ctx.state.user);
});
signedIn.get('/account', (ctx) => {
  ctx.body = pages.account(ctx.state.user);
});
signedIn.get('/reports/:id', (ctx, next) => {
  const report = pages.reports.find(({ id }) => id === ctx.params.id);
  if (!report) return next();
  ctx.body = pages.report(ctx.state.user, report);
});
signedIn.post('/reports/:id/export', (ctx, next) => {
  const report = pages.reports.find(({ id }) => id === ctx.params.id);
  if (!report) return next();
  ctx.track.event('report_exported', { displayName: 'Report exported', params: { report: report.title } });
  ctx.attachment(`report-${report.id}.csv`);
  ctx.body = pages.csv(report);
});
app.use(signedIn.routes());
app.use((ctx) => {
  ctx.status = 404;
  ctx.body = pages.notFound(ctx.state.user);
});

const port = Number(process.env.PORT ?? 3000);
const server = app.listen(port, 'localhost', () => {
  const address = server.address();
  console.log(`Ready at http://localhost:${typeof address === 'object' ? address?.port : port}`);
});
server.once('error', ({ message }) => {
  console.error(`Port ${port} cannot be used (${message}). Set PORT to another one; 0 takes any free one.`);
  process.exitCode = 1;
});

process.once('SIGINT', stop).once('SIGTERM', stop);

/** Answers what was asked, then delivers what was tracked. */
function stop() {
  server.close(() => tracker.close());
  // Browsers hold connections open on which they have not asked for anything yet.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
}

/**
 * @param {Koa.ParameterizedContext} ctx
 * @param {string} path
 */
function redirect(ctx, path) {
  ctx.status = 303;
  ctx.redirect(path);
}
