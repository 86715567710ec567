import type { IncomingMessage, ServerResponse } from 'node:http';
import { nodeProcess } from '../runtime/node-process.js';
import { nextTurn } from '../runtime/timers.js';
import type { AdapterPort } from '../tracker/adapter-port.js';
import { requestSkip, responseSkip } from './rules/pageview-rules.js';
import { withoutQuery } from './url/visit-url.js';

/** What Node publishes of every response of every server in the process. */
interface Finished {
  readonly request: IncomingMessage & { readonly originalUrl?: string };
  readonly response: ServerResponse;
}

/**
 * Tells of pages that were answered without ever reaching the middleware, which is then mounted after the route, or
 * on another application. For debugging only: nothing else could see them.
 */
export function tellOfUnfollowed(port: AdapterPort, isFollowed: (req: IncomingMessage) => boolean): void {
  const diagnostics = nodeProcess?.getBuiltinModule?.('node:diagnostics_channel');
  diagnostics?.subscribe('http.server.response.finish', (message) => {
    const { request, response } = message as Finished;
    // Later, since an adapter may follow a request as late as here.
    nextTurn(() => {
      if (isFollowed(request) || requestSkip(request) || responseSkip(response, true)) return;
      const { method = '', url = '', originalUrl = url } = request;
      const path = withoutQuery(originalUrl);
      port.request(() => ({ outcome: 'not_followed', method, path, status: response.statusCode }));
    });
  });
}
