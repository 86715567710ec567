import {
  type AdapterUnderTest,
  bigPage,
  failure,
  listen,
  page,
  staticFolder,
  type User,
} from '@successeve/testing/adapter-contract';
import type Express from 'express';
import type { Request } from 'express';
import { browserReports } from './browser-reports.js';
import { tracking } from './tracking.js';

/** A request behind the application's own authentication. */
type SignedInRequest = Request & { user?: User | undefined };

/** The application of the contract suite, on one major of Express. */
export function mountOn(express: typeof Express): AdapterUnderTest<Request> {
  return {
    userOf: (req: SignedInRequest) => req.user,
    rawOf: (req) => req,
    mount(tracker, options, { mounts, trustsProxy, head, status, authenticate, act }) {
      const app = express();
      // The name by which Express does not log errors.
      app.set('env', 'test');
      // Without a header of its own, what `/write-head` says stands in the written head alone.
      app.disable('x-powered-by');
      app.set('trust proxy', trustsProxy && 'loopback');

      if (mounts > 0) app.use(tracking(tracker, options));
      app.use((req: SignedInRequest, _res, next) => {
        authenticate(req.headers, req.track).then((user) => {
          req.user = user;
          next();
        }, next);
      });
      app.use(express.json());
      if (options.browser) app.use(browserReports());
      app.use('/static', express.static(staticFolder));

      const section = express.Router();
      if (mounts > 1) section.use(tracking(tracker, options));
      section.get('/page', (_req, res) => res.send(page));
      app.use('/section', section);

      app.get('/page', (_req, res) => res.send(page));
      app.get('/conditional', (_req, res) => res.send(page));
      app.get('/big', (_req, res) => res.send(bigPage));
      app.get('/json', (_req, res) => res.json({ a: 'value' }));
      app.get('/redirect', (_req, res) => res.redirect('/page'));
      app.get('/throw', () => {
        throw failure();
      });
      // Express 4 does not know about promises: `next` it is, in both.
      app.get('/reject', (_req, _res, next) => {
        Promise.reject(failure()).catch(next);
      });
      app.all('/act', (req, res, next) => {
        act(req.track, req.body).then(() => res.send(page), next);
      });
      app.get('/stream', (_req, res) => {
        res.type('text/event-stream').write('data: the first of many\n\n');
      });
      app.get('/write-head', (_req, res) => {
        res.writeHead(status, head).end(page);
      });
      return listen(app);
    },
  };
}
