import type * as Http from 'node:http';
import type * as Https from 'node:https';
import type { Socket } from 'node:net';
import { startTimer } from '../runtime/timers.js';
import type { ResolvedApiOptions } from './api-options.js';
import { type HttpAnswer, type HttpClient, type HttpHeaders, isJson, maxBodyCharacters } from './http.js';
import { maxSockets } from './transport.js';

/** What a request needs: the function that makes it, and the agent with the sockets. */
interface Connection {
  readonly request: typeof Http.request;
  readonly agent: Http.Agent;
  /** Opens a socket for each request alone; `false` is Node's own way to do so. */
  readonly freshAgent: Http.Agent | false;
}

/**
 * The client for Node: `node:http(s)` with keep-alive. Built-in `fetch` costs seven times the CPU a request, and
 * undici 66 ms of import.
 */
export function createHttpClient(
  { apiUrl: url, timeoutMs, agent: customAgent }: ResolvedApiOptions,
  headers: HttpHeaders,
): HttpClient {
  const target: Http.RequestOptions = {
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port,
  };
  let connection: Connection | undefined;
  let isClosed = false;

  // Not imported: loading TLS takes longer than all of our own start-up, and the first event is early enough for it.
  const connect = (): Connection => {
    const isTls = url.protocol === 'https:';
    const module: typeof Http | typeof Https = process.getBuiltinModule(isTls ? 'node:https' : 'node:http');
    const { request } = module;
    if (customAgent) return { request, agent: customAgent, freshAgent: customAgent };
    const keepAlive: Http.AgentOptions = { keepAlive: true, maxSockets, scheduling: 'lifo' };
    // The variables that name Node's proxies, where it was asked to use them (Node 24: `NODE_USE_ENV_PROXY=1` or
    // `--use-env-proxy`). Not for `http:`, which is to loopback: to a proxy, a token would travel in clear.
    const { options } = module.globalAgent as { options?: Http.AgentOptions };
    const proxyEnv = isTls ? options?.proxyEnv : undefined;
    if (!proxyEnv) return { request, agent: new module.Agent(keepAlive), freshAgent: false };
    // Else a proxy that never answers would keep its sockets, and so all of the agent's, forever.
    target.timeout = timeoutMs;
    const openAgent = (more: Http.AgentOptions): Http.Agent => {
      const agent = new module.Agent({ ...more, proxyEnv });
      const { createConnection } = agent;
      // The socket to the proxy is not the one of the request, and must not hold the process open either.
      agent.createConnection = (...args) => {
        const socket = createConnection.apply(agent, args);
        if (socket && 'unref' in socket) (socket as Socket).unref();
        return socket;
      };
      return agent;
    };
    return { request, agent: openAgent(keepAlive), freshAgent: openAgent({}) };
  };

  const open = (path: string, more: HttpHeaders | undefined, isFresh = false): Http.ClientRequest => {
    connection ??= connect();
    const agent = isFresh ? connection.freshAgent : connection.agent;
    return connection.request({ ...target, agent, path, headers: { ...headers, ...more } });
  };

  return {
    async post(path, body, more) {
      const req = open(path, more);
      try {
        return await exchange(req, body, timeoutMs);
      } catch (error) {
        // The API may close an idle connection in the very moment that we reuse it; a fresh one settles it.
        if (isClosed || !isStale(req, error)) throw error;
        return exchange(open(path, more, true), body, timeoutMs);
      }
    },
    close() {
      isClosed = true;
      if (!customAgent) connection?.agent.destroy();
    },
  };
}

/** Sends a body, and resolves with the response. */
function exchange(req: Http.ClientRequest, body: string, timeoutMs: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    let timeOut = (): void => fail(new Error(`no complete answer within ${timeoutMs} ms`));
    const timer = startTimer(() => {
      timeOut();
      req.destroy();
    }, timeoutMs);
    req.on('error', fail);
    // It was not asked for. Without a listener, Node closes the connection and reports nothing at all.
    req.on('upgrade', (_, socket) => {
      socket.destroy();
      fail(new Error('the answer was 101, another protocol'));
    });
    // An exchange under way must not hold the process open; the agent refs a socket whenever it is used again.
    req.on('socket', (socket) => socket.unref());
    req.on('response', (res) => {
      const status = res.statusCode ?? 0;
      const header = (name: string): string | undefined => res.headers[name] as string | undefined;
      let received = '';
      const answer = (): void => {
        clearTimeout(timer);
        resolve({ status, header, body: received });
      };
      res.on('end', answer);
      if (status < 300) {
        // Accepted: a failure of the rest of the response must not send the event again. Until it has arrived, the
        // socket is in use, and so the exchange is not over.
        timeOut = answer;
        res.on('error', answer);
        res.on('close', answer);
      } else {
        res.on('error', fail);
        res.on('close', () => fail(new Error('the answer was cut off')));
      }
      if (status < 300 && isJson(header)) return void res.resume();
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        // More than is shown, so that a token is masked whole before the cut.
        if (received.length < maxBodyCharacters * 4) received += chunk;
      });
    });
    // A text goes out in one write with the headers, of which its length is one.
    req.end(body);
  });
}

/** Whether a request failed on a connection that was idle before. */
function isStale({ reusedSocket }: Http.ClientRequest, error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}
