import { currentUser, pages, signIn, signOut, users } from '@successeve/example-site';
import { browserReports, createTracker, tracking } from '@successeve/express';
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
    // Serves /seen.js; the browser counts every document, since only its router knows which page that becomes.
    browser: { documents: true },
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
// Takes what the browser reports, for the user who is signed in.
app.use(browserReports());

app.get('/api/me', (_req, res) => {
  const { user } = res.locals;
  if (user) res.json({ name: user.name });
  else res.status(404).json(null);
});
app.post('/api/login', (req, res) => {
  const user = users.find(({ id }) => id === req.body?.user);
  if (user) signIn(res, user);
  res.status(user ? 200 : 401).json(null);
});
app.post('/api/logout', (req, res) => {
  signOut(req, res);
  res.json(null);
});

// From here on, the API is for users only.
app.use('/api', (_req, res, next) => (res.locals.user ? next() : res.status(401).json(null)));
app.get('/api/reports', (_req, res) => res.json(pages.reports));
app.get('/api/reports/:id', (req, res, next) => {
  const report = pages.reports.find(({ id }) => id === req.params.id);
  if (!report) return next();
  res.json(report);
});
app.post('/api/reports/:id/export', (req, res, next) => {
  const report = pages.reports.find(({ id }) => id === req.params.id);
  if (!report) return next();
  req.track.event('report_exported', { displayName: 'Report exported', params: { report: report.title } });
  res.json(pages.csv(report));
});
app.use('/api', (_req, res) => res.status(404).json(null));

app.use('/assets', express.static('dist/assets', { immutable: true, maxAge: '1y' }));
app.get('/*page', (_req, res) => res.sendFile('index.html', { root: 'dist' }));
app.get('/', (_req, res) => res.sendFile('index.html', { root: 'dist' }));

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
