import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type BrowserOptions, browserReports, tracking } from '@successeve/express';
import { createRecorder, type RecordedEvent } from '@successeve/testing';
import express, { type Express, type Request } from 'express';
import helmet from 'helmet';

export interface SiteOptions {
  readonly browser?: BrowserOptions<Request>;
  /** What a page may run, in addition to the site's own files. */
  readonly allows?: readonly string[];
  /**
   * How `pages` sorts: by the time when they appeared, or by name where the clock of the page is not the real one.
   * @defaultValue 'time'
   */
  readonly sortPagesBy?: 'time' | 'name';
  /** Adds the routes of the application. */
  readonly routes: (app: Express) => void;
}

/** An Express application with helmet in front and our middleware, and what it recorded. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  /** The pages of a visitor: path, query and fragment. */
  pages(visitor: string): Promise<readonly string[]>;
  events(visitor: string): Promise<readonly RecordedEvent[]>;
}

/** Who is signed in: by a cookie, or by a token. */
function visitorOf({ headers }: Request): string | undefined {
  return (
    /\buser=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? /^Bearer (\w+)$/.exec(headers.authorization ?? '')?.[1]
  );
}

export async function startSite({
  browser = {},
  allows = [],
  sortPagesBy = 'time',
  routes,
}: SiteOptions): Promise<Site> {
  const recorder = createRecorder();
  const app = express();
  const scriptSrc = ["'self'", ...allows];
  // Its defaults, but for the one that makes https of our own host.
  app.use(helmet({ contentSecurityPolicy: { directives: { scriptSrc, upgradeInsecureRequests: null } } }));
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
  const of = async (visitor: string): Promise<readonly RecordedEvent[]> => {
    await recorder.flush();
    return recorder.events
      .filter(({ contactUid }) => contactUid === visitor)
      .sort((a, b) => Number(a.occurredAt) - Number(b.occurredAt));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    pages: async (visitor) => {
      const pages = (await of(visitor)).flatMap(({ visitUrl }) =>
        visitUrl === undefined ? [] : pageOf(visitUrl),
      );
      return sortPagesBy === 'name' ? pages.sort() : pages;
    },
    events: async (visitor) => (await of(visitor)).filter(({ kind }) => kind === 'event'),
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      await recorder.close();
    },
  };
}

function pageOf(visitUrl: string): string {
  const { pathname, search, hash } = new URL(visitUrl);
  return pathname + search + hash;
}
