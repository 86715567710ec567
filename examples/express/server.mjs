import { currentUser, pages, signIn, signOut, users } from '@successeve/example-site';
import { createTracker, tracking } from '@successeve/express';
import express from 'express';

// The token and the API's address come from SUCCESSEVE_API_TOKEN and SUCCESSEVE_API_URL.
// `debug` writes a line for every request: whether it was a pageview and, if not, why.
const tracker = createTracker({ debug: true });

const app = express();
app.use(
  tracking(tracker, {
    identify(req) {
      const user = currentUser(req);
      return user && { contactUid: user.id, accountUid: user.company.id };
    },
  }),
);

app.use(express.urlencoded());
app.use((req, res, next) => {
  const user = currentUser(req);
  res.locals.user = user;
  // With every request: it is only sent when something about them has changed.
  if (user) {
    req.track.contact({ name: user.name });
    req.track.account({ name: user.company.name });
  }
  next();
});
app.get('/', (_req, res) => res.send(pages.home(res.locals.user)));
app.get('/logo.svg', (_req, res) => res.type('svg').set('cache-control', 'max-age=3600').send(pages.logo));
app.get('/login', (_req, res) => res.send(pages.login(users)));
app.post('/login', (req, res) => {
  const user = users.find(({ id }) => id === req.body?.user);
  if (user) signIn(res, user);
  res.redirect(303, user ? '/' : '/login');
});
app.post('/logout', (req, res) => {
  signOut(req, res);
  res.redirect(303, '/');
});

// From here on, somebody is signed in.
app.use((_req, res, next) => (res.locals.user ? next() : res.redirect(303, '/login')));
app.get('/onboarding', (_req, res) => res.send(pages.onboarding(res.locals.user)));
app.get('/account', (_req, res) => res.send(pages.account(res.locals.user)));
app.get('/reports/:id', (req, res, next) => {
  const report = pages.reports.find(({ id }) => id === req.params.id);
  if (!report) return next();
  res.send(pages.report(res.locals.user, report));
});
app.post('/reports/:id/export', (req, res, next) => {
  const report = pages.reports.find(({ id }) => id === req.params.id);
  if (!report) return next();
  req.track.event('report_exported', { displayName: 'Report exported', params: { report: report.title } });
  res.attachment(`report-${report.id}.csv`).send(pages.csv(report));
});
app.use((_req, res) => res.status(404).send(pages.notFound(res.locals.user)));

const port = Number(process.env.PORT ?? 3000);
const server = app.listen(port, 'localhost', (error) => {
  if (error) {
    console.error(
      `Port ${port} cannot be used (${error.message}). Set PORT to another one; 0 takes any free one.`,
    );
    process.exitCode = 1;
    return;
  }
  const address = server.address();
  console.log(`Ready at http://localhost:${typeof address === 'object' ? address?.port : port}`);
});

process.once('SIGINT', stop).once('SIGTERM', stop);

/** Answers what was asked, then delivers what was tracked. */
function stop() {
  server.close(() => tracker.close());
  // Browsers hold connections open on which they have not asked for anything yet.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
}
