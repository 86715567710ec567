import etag from '@fastify/etag';
import formBody from '@fastify/formbody';
import { currentUser, pages, signIn, signOut, users } from '@successeve/example-site';
import { createTracker, tracking } from '@successeve/fastify';
import Fastify from 'fastify';

// The token and the API's address come from SUCCESSEVE_API_TOKEN and SUCCESSEVE_API_URL.
// `debug` writes a line for every request: whether it was a pageview and, if not, why.
const tracker = createTracker({ debug: true });

const app = Fastify();
app.register(tracking, {
  tracker,
  identify({ raw }) {
    const user = currentUser(raw);
    return user && { contactUid: user.id, accountUid: user.company.id };
  },
});

app.register(etag).register(formBody);
app.addHook('onRequest', async ({ raw, track }, reply) => {
  reply.type('text/html');
  const user = currentUser(raw);
  // With every request: it is only sent when something about them has changed.
  if (user) {
    track.contact({ name: user.name });
    track.account({ name: user.company.name });
  }
});

app.get('/', async ({ raw }) => pages.home(currentUser(raw)));
app.get('/logo.svg', async (_, reply) =>
  reply.type('image/svg+xml').header('cache-control', 'max-age=3600').send(pages.logo),
);
app.get('/login', async () => pages.login(users));
app.post('/login', async ({ body }, reply) => {
  const { user: wanted } = /** @type {{ user?: string }} */ (body);
  const user = users.find(({ id }) => id === wanted);
  if (user) signIn(reply.raw, user);
  return reply.redirect(user ? '/' : '/login', 303);
});
app.post('/logout', async ({ raw }, reply) => {
  signOut(raw, reply.raw);
  return reply.redirect('/', 303);
});
app.setNotFoundHandler(({ raw }, reply) => reply.status(404).send(pages.notFound(currentUser(raw))));

app.register(async (signedIn) => {
  signedIn.addHook('onRequest', async ({ raw }, reply) => {
    if (!currentUser(raw)) return reply.redirect('/login', 303);
  });
  signedIn.get('/onboarding', async ({ raw }) => pages.onboarding(memberOf(raw)));
  signedIn.get('/account', async ({ raw }) => pages.account(memberOf(raw)));
  signedIn.get('/reports/:id', async ({ raw, params }, reply) => {
    const report = reportOf(params);
    return report ? pages.report(memberOf(raw), report) : reply.callNotFound();
  });
  signedIn.post('/reports/:id/export', async ({ track, params }, reply) => {
    const report = reportOf(params);
    if (!report) return reply.callNotFound();
    track.event('report_exported', { displayName: 'Report exported', params: { report: report.title } });
    reply.type('text/csv').header('content-disposition', `attachment; filename="report-${report.id}.csv"`);
    return pages.csv(report);
  });
});

const port = Number(process.env.PORT ?? 3000);
try {
  console.log(
    `Ready at ${(await app.listen({ port, host: 'localhost' })).replace(/\[::1]|127.0.0.1/, 'localhost')}`,
  );
} catch (error) {
  console.error(`Port ${port} cannot be used (${error}). Set PORT to another one; 0 takes any free one.`);
  process.exitCode = 1;
}

process.once('SIGINT', stop).once('SIGTERM', stop);

/** Answers what was asked, then delivers what was tracked. */
function stop() {
  void app.close();
  // Browsers hold connections open on which they have not asked for anything yet.
  setTimeout(() => app.server.closeAllConnections(), 1000).unref();
}

/**
 * Who is signed in, where the hook above has let nobody else pass.
 *
 * @param {import('node:http').IncomingMessage} raw
 */
function memberOf(raw) {
  const user = currentUser(raw);
  if (!user) throw new Error('expected a request of somebody who is signed in');
  return user;
}

/** @param {unknown} params */
function reportOf(params) {
  const { id: wanted } = /** @type {{ id: string }} */ (params);
  return pages.reports.find(({ id }) => id === wanted);
}
