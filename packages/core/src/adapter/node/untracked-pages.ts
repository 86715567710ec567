import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reporter } from '../../reporting/reporter.js';
import { nodeProcess } from '../../runtime/node-process.js';
import { nextTurn } from '../../runtime/timers.js';
import { followedRequest } from '../followed-request.js';
import { requestReason } from '../rules/pageview-rules.js';
import { isPage, isShown } from '../rules/response-rules.js';
import { withoutQuery } from '../url/visit-url.js';
import { endedResponse } from './node-exchange.js';
import { UnderlyingExchange } from './underlying-exchange.js';

const channel = 'http.server.response.finish';

/** What Node publishes of every response of every server in the process. */
interface Finished {
  readonly request: IncomingMessage & { readonly originalUrl?: string };
  readonly response: ServerResponse;
}

/**
 * Reports pages that were served without ever reaching the middleware, which is then mounted after the route, or on
 * another application. For debugging only: nothing else could see them.
 *
 * @param isNodeHidden - whether requests are followed in which Node's own cannot be recognised
 * @returns what ends it.
 */
export function watchUntrackedPages(
  reporter: Pick<Reporter, 'guard' | 'request'>,
  isNodeHidden: () => boolean,
): () => void {
  const report = ({ request, response }: Finished): void => {
    if (isNodeHidden() || followedRequest(request)) return;
    const { url = '', originalUrl = url } = request;
    const exchange = new UnderlyingExchange(undefined, request, response, originalUrl);
    if (requestReason(exchange)) return;
    const ended = endedResponse(response, true);
    if (!isShown(ended.status) || !isPage(ended)) return;
    const { method } = exchange;
    const path = withoutQuery(originalUrl);
    reporter.request(() => ({ outcome: 'not_followed', method, path, status: ended.status }));
  };
  const diagnostics = nodeProcess?.getBuiltinModule?.('node:diagnostics_channel');
  const onFinished = (message: unknown): void => {
    // Later, since an adapter may follow a request as late as here.
    nextTurn(() => reporter.guard(() => report(message as Finished)));
  };
  diagnostics?.subscribe(channel, onFinished);
  return () => diagnostics?.unsubscribe(channel, onFinished);
}
