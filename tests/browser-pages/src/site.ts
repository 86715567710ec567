import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type BrowserOptions, browserReports, tracking } from '@successeve/express';
import { createRecorder, type RecordedEvent } from '@successeve/testing';
import express, { type Express, type Request, type RequestHandler } from 'express';
import helmet from 'helmet';

export interface SiteOptions {
  readonly browser?: BrowserOptions<Request>;
  /** What helmet's policy allows in addition to its defaults. */
  readonly allows?: Readonly<Record<string, readonly string[]>>;
  /** Called for each request, also for those that the middleware answers. */
  readonly onRequest?: (request: Request) => void;
  /** Adds the routes of the application. */
  readonly routes: (app: Express) => void;
}

/** An Express application with helmet in front and our middleware, and what it recorded. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  /**
   * The pages of a visitor, sorted: path, query and fragment, after the origin where it is not the site's own. Reports
   * that are sent together overtake each other, and the time of a visit is known to the delay of its report.
   */
  pages(visitor: string): Promise<readonly string[]>;
  events(visitor: string): Promise<readonly RecordedEvent[]>;
  /** Refuses every connection while something happens. */
  whileDown(happens: () => Promise<void>): Promise<void>;
}

/** Who is signed in: by a token, or by a cookie. */
function visitorOf({ headers }: Request): string | undefined {
  return (
    /^Bearer (\w+)$/.exec(headers.authorization ?? '')?.[1] ?? /\buser=(\w+)/.exec(headers.cookie ?? '')?.[1]
  );
}

/** helmet with its defaults, but for the one that makes https of our own host. */
export function secured(allows: NonNullable<SiteOptions['allows']> = {}): RequestHandler {
  const directives: Record<string, null | string[]> = { upgradeInsecureRequests: null };
  for (const [name, sources] of Object.entries(allows)) directives[name] = ["'self'", ...sources];
  return helmet({ contentSecurityPolicy: { directives } });
}

export async function startSite({
  browser = {},
  allows = {},
  onRequest = () => {},
  routes,
}: SiteOptions): Promise<Site> {
  const recorder = createRecorder();
  const app = express();
  app.use((req, _res, next) => {
    onRequest(req);
    next();
  });
  app.use(secured(allows));
  app.use(
    tracking(recorder, {
      identify: (req) => {
        const contactUid = visitorOf(req);
        return contactUid === undefined ? null : { contactUid };
      },
      ignore: ['/as/', '/bye'],
      browser,
    }),
  );
  app.use(browserReports());
  app.get('/as/:visitor', (req, res) => {
    res.cookie('user', req.params.visitor, { httpOnly: true }).type('html').send('<title>signed in</title>');
  });
  app.get('/bye', (_req, res) => res.type('html').send('<title>bye</title>'));
  routes(app);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  const of = async (visitor: string): Promise<readonly RecordedEvent[]> => {
    await recorder.flush();
    return recorder.events
      .filter(({ contactUid }) => contactUid === visitor)
      .sort((a, b) => Number(a.occurredAt) - Number(b.occurredAt));
  };
  return {
    url,
    pages: async (visitor) => {
      const pages = (await of(visitor)).flatMap(({ visitUrl }) => visitUrl?.replace(url, '') ?? []);
      return pages.sort();
    },
    events: async (visitor) => (await of(visitor)).filter(({ kind }) => kind === 'event'),
    whileDown: async (happens) => {
      await stop();
      await happens();
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await recorder.close();
    },
  };
}
