import { describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../test/command.js';
import { send } from '../../test/dev.js';
import {
  type Examination,
  type Examined,
  examine,
  onExpress,
  onFastify,
  onHono,
  onKoa,
  onNest,
  report,
} from './test-application.js';

const browser = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0',
  accept: 'text/html',
  'sec-fetch-dest': 'document',
};
const trusting = "app.set('trust proxy', 'loopback');";

const mountedLate = `error: Pages were answered before they reached the adapter: /.
  Why: It is mounted after their routes, or on another application. These pages are never counted, and their handlers have no req.track.
  Fix: Mount it before all routes, static files and routers; your authentication may come after it. Pages that should not count belong in its ignore option.
`;

const mountedTwice = `warning: Mounted twice: the middleware is mounted twice: a request is counted by the first mount only.
  Why: A request counts once, for the first mount and its options. identify, ignore and consent of the other have no effect.
`;

const trustsNoProxy = `warning: The application trusts no proxy.
  Why: If one stands in front of it, every visit_url begins with http: and names the inner host: these are not the pages of your site.
  Fix: Behind a proxy or a load balancer, `;

const sound = {
  Express: onExpress(`${trusting} app.use(adapter()).get('/', page); listen();`),
  Koa: onKoa('app.proxy = true; app.use(adapter()).use(page);'),
  Fastify: onFastify('{ trustProxy: true }', "app.register(tracking, options).get('/', page);"),
  Hono: onHono("app.use(adapter()).get('/', page);"),
  'Nest on Express': onNest('undefined', trusting),
  'Nest on Fastify': onNest('new FastifyAdapter({ trustProxy: true })', ''),
};

const late = {
  Express: onExpress(`${trusting} app.get('/', page).use(adapter()); listen();`),
  Koa: onKoa('app.proxy = true; app.use(page).use(adapter());'),
  Hono: onHono("app.get('/', page).use(adapter());"),
};

const twice = {
  Express: onExpress(`${trusting} app.use(adapter(), adapter()).get('/', page); listen();`),
  Koa: onKoa('app.proxy = true; app.use(adapter()).use(adapter()).use(page);'),
  Fastify: onFastify(
    '{ trustProxy: true }',
    "app.register(tracking, options).register(tracking, options).get('/', page);",
  ),
  Hono: onHono("app.use(adapter()).use(adapter()).get('/', page);"),
  'Nest on Express': onNest('undefined', trusting, ', Feature'),
  'Nest on Fastify': onNest('new FastifyAdapter({ trustProxy: true })', '', ', Feature'),
};

const untrusting = {
  Express: onExpress("app.use(adapter()).get('/', page); listen();"),
  Koa: onKoa('app.use(adapter()).use(page);'),
  Fastify: onFastify('{}', "app.register(tracking, options).get('/', page);"),
  Hono: onHono("app.use(adapter()).get('/', page);"),
  'Nest on Express': onNest('undefined', ''),
  'Nest on Fastify': onNest('new FastifyAdapter()', ''),
};

describe('an application that runs', () => {
  it.each(Object.entries(sound))('is found to be sound, on %s', async (_, parts) => {
    const { code, out } = await report({ ...parts, visits: ['/'] });
    expect(out).toMatch(
      /\n\nReported: 0 pageviews, 0 events; not counted: 1 no_contact\n\nNo faults found\.\n$/,
    );
    expect(code).toBe(0);
  });

  it.each(Object.entries(late))('is found to mount the adapter after its routes, on %s', async (_, parts) => {
    const { code, out } = await report({ ...parts, visits: ['/'] });
    expect(out).toContain(mountedLate);
    expect(out).toMatch(/\n1 error, 0 warnings\n$/);
    expect(code).toBe(1);
  });

  it.each(Object.entries(twice))('is found to mount the adapter twice, on %s', async (_, parts) => {
    const { code, out } = await report({ ...parts, visits: ['/'] });
    expect(out).toContain(mountedTwice);
    expect(out).toMatch(/\n0 errors, 1 warning\n$/);
    expect(code).toBe(0);
  });

  it.each(Object.entries(untrusting))(
    'gets no warning about a proxy that is not there, on %s',
    async (_, parts) => {
      const { code, out } = await report({ ...parts, visits: ['/'] });
      expect(out).toMatch(/\nNo faults found\.\n$/);
      expect(code).toBe(0);
    },
  );

  it('is found to trust no proxy, though it wants one to have taken its visits over TLS', async () => {
    const parts = onExpress(`app.use(adapter());
      app.use((req, res, next) => {
        if (req.get('x-forwarded-proto') === 'https') next();
        else res.redirect('https://' + req.headers.host + req.url);
      });
      app.get('/', page);
      listen();`);
    const { code, out } = await report({ ...parts, visits: ['/'] });
    expect(out).toContain(
      `${trustsNoProxy}app.set('trust proxy', …), or set baseUrl in the options of the adapter.\n`,
    );
    expect(out).toMatch(/\n0 errors, 1 warning\n$/);
    expect(code).toBe(0);
  });

  it.each([
    [
      'adapter({ identify: (req) => req.session.user })',
      "error: A function of yours threw: identify failed with TypeError: Cannot read properties of undefined (reading 'user').",
    ],
    [
      "adapter(), (req, res, next) => { req.track.event('Report opened'); next(); }",
      'error: Report opened was dropped as invalid: eventUid: expected a snake_case name such as user_registration, got "Report opened".',
    ],
  ])('is found to lose what it tracks: %s', async (middleware, what) => {
    const parts = onExpress(`${trusting} app.use(${middleware}).get('/', page); listen();`);
    const { code, out } = await report({ ...parts, visits: ['/'] });
    expect(out).toContain(`\n${what}\n  Why: `);
    expect(out).toMatch(/\n1 error, 0 warnings\n$/);
    expect(code).toBe(1);
  });

  it('may track what only a signed-in person can do', async () => {
    const opened = "(req, res, next) => { req.track.event('report_opened'); next(); }";
    const parts = onExpress(`${trusting} app.use(adapter(), ${opened}).get('/', page); listen();`);
    expect((await report({ ...parts, visits: ['/'] })).out).toMatch(/\nNo faults found\.\n$/);
  });

  it('is found to mount the adapter after its routes, also where they redirect', async () => {
    const parts = onExpress(`app.get('/', (req, res) => res.redirect('/login'));
      app.get('/login', page).use(adapter());
      listen();`);
    const { code, out } = await report({ ...parts, visits: ['/'] });
    expect(out).toContain('error: Pages were answered before they reached the adapter: /login, /.\n');
    expect(out).toMatch(/\n1 error, 0 warnings\n$/);
    expect(code).toBe(1);
  });

  it('drops on purpose what it drops on purpose', async () => {
    const parts = onExpress(`${trusting}
      app.use(adapter({ consent: () => false }));
      app.get('/', (req, res) => { req.track.event('report_opened'); page(req, res); });
      listen();`);
    expect((await report({ ...parts, visits: ['/'] })).out).toMatch(/\nNo faults found\.\n$/);
  });

  it('is found to report nothing, or nothing of a page', async () => {
    const mute = onExpress("app.get('/', page); listen();");
    const { code, out } = await report({ ...mute, visits: ['/'] });
    expect(out).toContain('\nerror: The application answered /, and reported nothing.\n');
    expect(code).toBe(1);
    const partly = onExpress(`${trusting}
      app.use('/shop', adapter()).get('/shop', page);
      app.get('/other', (req, res) => res.json({}));
      listen();`);
    const partial = await report({ ...partly, visits: ['/shop', '/other'] });
    expect(partial.out).toContain('\nerror: The application reported nothing about /other.\n');
  });

  it('is followed through its own redirects, and to no other site', async () => {
    const parts = onExpress(`${trusting} app.use(adapter());
      app.get('/', (req, res) => res.redirect('/login'));
      app.get('/login', (req, res) => res.redirect('https://login.example.com/'));
      listen();`);
    const { out } = await report({ ...parts, visits: ['/'] });
    expect(out).toContain('\nReported: 0 pageviews, 0 events; not counted: 2 status\n');
    expect(out).toMatch(/\nNo faults found\.\n$/);
  });

  it('has its output shown apart from what is found', async () => {
    const { out, err } = await report({ ...sound.Express, visits: ['/'] });
    expect(err).toContain('Ready\n[successeve] GET / 200: no_contact\n');
    expect(out).not.toContain('Ready');
  });

  it('is reported when it does not start', async () => {
    const ends = await report({ ...onExpress('process.exit(3)'), visits: ['/'] });
    expect(ends).toMatchObject({
      code: 1,
      err: 'error: The application ended with exit code 3, before it could be visited.\n',
    });
    const absent = await report({ ...sound.Express, command: ['no-such-program'], visits: ['/'] });
    expect(absent).toMatchObject({
      code: 1,
      err: 'error: no-such-program cannot be started: spawn no-such-program ENOENT\n',
    });
  });

  it('is reported when it hangs up on its visitors', async () => {
    const rude = onExpress("app.get('/', (req) => req.socket.destroy()); listen();");
    const { code, err } = await report({ ...rude, visits: ['/'] });
    expect(err).toMatch(/\nerror: http:\/\/127\.0\.0\.1:\d+\/ cannot be visited: socket hang up\n$/);
    expect(code).toBe(1);
  });

  it('is not started without a command, or with an invalid visit', async () => {
    const { code, err } = await runCommand(['doctor', '--visit', 'http://localhost:3000/']);
    expect(err).toMatch(/^error: --visit needs the command that starts the application, after --\n/);
    expect(code).toBe(2);
    const wrong = await runCommand(['doctor', '--visit', 'localhost:3000', '--', 'node', 'server.js']);
    expect(wrong.err).toMatch(
      /'localhost:3000' is invalid\. expected a URL such as http:\/\/localhost:3000\/\n/i,
    );
    expect(wrong.code).toBe(2);
  });
});

describe('an application that is visited with a cookie', () => {
  const code = `app.use(adapter({ identify: (req) => req.headers.cookie ? { contactUid: req.nobody.id } : null }));
app.get('/', page);
listen();
`;

  it('is found to fail for a signed-in person, with the message of its error', async () => {
    const signedIn = await report({ ...onExpress(code), visits: ['/'], cookies: ['session=abc', 'b=2'] });
    expect(signedIn.out).toMatch(
      /\nerror: A function of yours threw: identify failed.*: Cannot read properties of undefined \(reading 'id'\)\.\n/,
    );
    expect(signedIn.code).toBe(1);
    expect(await report({ ...onExpress(code), visits: ['/'] })).toMatchObject({ code: 0 });
  });

  it('is found to identify no contact although it got the cookie', async () => {
    const anonymous = onExpress("app.use(adapter());\napp.get('/', page);\nlisten();\n");
    const { out } = await report({ ...anonymous, visits: ['/'], cookies: ['session=abc'] });
    expect(out).toContain('\nwarning: identify returned no contact for the one page that was visited.\n');
  });
});

describe('an application that a user clicks through', () => {
  const identified = `app.use(adapter({ identify: (req) => ({ contactUid: req.get('x-user') }) }));
    app.get('/', page);
    listen();`;

  /** Opens a page, as soon as there is one. */
  async function click(parts: Examination, headers: Record<string, string>): Promise<Examined> {
    const running = await examine(parts);
    await vi.waitFor(() => expect(running.err).toContain('Ready'), { timeout: 20_000 });
    const answer = await fetch(running.site, { headers: { ...browser, ...headers } });
    await answer.text();
    return running;
  }

  it('ends by Ctrl-C, with everything that it started, and is found to be sound', async () => {
    // As npm does: a shell that starts the application.
    const command = ['sh', '-c', 'node server.js & wait'];
    const running = await click({ ...onExpress(identified), command }, { 'x-user': 'ada' });
    running.child.kill('SIGINT');
    expect(await running.ended).toBe(0);
    expect(running.out).toContain('Click through your application, and sign in. Ctrl-C ends it.\n');
    expect(running.out).toContain('\nReported: 1 pageview, 0 events');
    expect(running.out).toMatch(/\nNo faults found\.\n$/);
    await expect(fetch(running.site)).rejects.toThrow();
  });

  it('is found to be a single-page application whose pages nothing counts', async () => {
    const running = await click(
      onExpress(`${identified}app.get('/api/mails', (req, res) => res.json([]));`),
      {
        'x-user': 'ada',
      },
    );
    const referer = `${running.site}/inbox`;
    const headers = { 'x-user': 'ada', referer, 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' };
    await send(`${running.site}/api/mails`, { method: 'GET', headers, isBare: true });
    running.child.kill('SIGINT');
    expect(await running.ended).toBe(0);
    expect(running.out).toContain(
      '\nwarning: This looks like a single-page application: scripts of /inbox make calls, and nothing counted that page.\n',
    );
    expect(running.out).toContain('<script src="/seen.js" defer></script>');
  });

  it('is found to have identified no contact', async () => {
    const running = await click(onExpress(identified), {});
    running.child.kill('SIGINT');
    expect(await running.ended).toBe(0);
    expect(running.out).toContain(
      '\nwarning: identify returned no contact for the one page that was visited.\n',
    );
  });

  it('is found not to trust the proxy by which it was visited', async () => {
    const running = await click(onExpress(identified), { 'x-user': 'ada', 'x-forwarded-proto': 'https' });
    running.child.kill('SIGINT');
    expect(await running.ended).toBe(1);
    expect(running.out).toContain(
      '\nerror: A proxy stands in front of the application, which does not trust it.\n  Why: Every visit_url begins with http:',
    );
  });

  it('may be sound or not where no page was visited', async () => {
    const { code, out } = await report(onExpress(''));
    expect(out).toContain(
      '\nwarning: The application reported nothing: either no page was visited, or nothing is tracked.\n',
    );
    expect(code).toBe(0);
  });
});
