import { serve } from '@hono/node-server';
import { currentUser, pages, signIn, signOut, users } from '@successeve/example-site';
import { createTracker, tracking } from '@successeve/hono';
import { Hono } from 'hono';
import { etag } from 'hono/etag';

/** @import { HttpBindings } from '@hono/node-server' */
/** @import { Context } from 'hono' */
/** @typedef {NonNullable<ReturnType<typeof currentUser>>} User */
/** @typedef {{ Bindings: HttpBindings, Variables: { user: User } }} Env */

// The token and the API's address come from SUCCESSEVE_API_TOKEN and SUCCESSEVE_API_URL.
// `debug` writes a line for every request: whether it was a pageview and, if not, why.
const tracker = createTracker({ debug: true });

/** @type {Hono<Env>} */
const app = new Hono();
app.use(
  tracking(tracker, {
    identify(c) {
      const user = currentUser(c.env.incoming);
      return user && { contactUid: user.id, accountUid: user.company.id };
    },
  }),
);

app.use(etag(), async (c, next) => {
  const user = currentUser(c.env.incoming);
  // With every request: it is only sent when something about them has changed.
  if (user) {
    c.var.track.contact({ name: user.name });
    c.var.track.account({ name: user.company.name });
  }
  await next();
});

app.get('/', (c) => c.html(pages.home(currentUser(c.env.incoming))));
app.get('/logo.svg', (c) => {
  return c.body(pages.logo, 200, { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' });
});
app.get('/login', (c) => c.html(pages.login(users)));
app.post('/login', async (c) => {
  const { user: wanted } = await c.req.parseBody();
  const user = users.find(({ id }) => id === wanted);
  if (user) signIn(c.env.outgoing, user);
  return c.redirect(user ? '/' : '/login', 303);
});
app.post('/logout', (c) => {
  signOut(c.env.incoming, c.env.outgoing);
  return c.redirect('/', 303);
});
app.notFound((c) => c.html(pages.notFound(currentUser(c.env.incoming)), 404));

/** @type {Hono<Env>} */
const signedIn = new Hono();
signedIn.use(async (c, next) => {
  const user = currentUser(c.env.incoming);
  if (!user) return c.redirect('/login', 303);
  c.set('user', user);
  await next();
});
signedIn.get('/onboarding', (c) => c.html(pages.onboarding(c.var.user)));
signedIn.get('/account', (c) => c.html(pages.account(c.var.user)));
signedIn.get('/reports/:id', (c) => {
  const report = reportOf(c);
  return report ? c.html(pages.report(c.var.user, report)) : c.notFound();
});
signedIn.post('/reports/:id/export', (c) => {
  const report = reportOf(c);
  if (!report) return c.notFound();
  c.var.track.event('report_exported', { displayName: 'Report exported', params: { report: report.title } });
  c.header('content-disposition', `attachment; filename="report-${report.id}.csv"`);
  return c.body(pages.csv(report), 200, { 'content-type': 'text/csv' });
});
app.route('/', signedIn);

const port = Number(process.env.PORT ?? 3000);
const server = serve({ fetch: app.fetch, port, hostname: 'localhost' }, (address) => {
  console.log(`Ready at http://localhost:${address.port}`);
}).once('error', (error) => {
  console.error(`Port ${port} cannot be used (${error}). Set PORT to another one; 0 takes any free one.`);
  process.exitCode = 1;
});

process.once('SIGINT', stop).once('SIGTERM', stop);

/** Answers what was asked, then delivers what was tracked. */
function stop() {
  server.close(() => void tracker.close());
  // Browsers hold connections open on which they have not asked for anything yet.
  setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 1000).unref();
}

/** @param {Context<Env>} c */
function reportOf(c) {
  return pages.reports.find(({ id }) => id === c.req.param('id'));
}
