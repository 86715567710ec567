import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { checkNames, checkRange } from './check-option.js';
import { createFakeApiHandler, type FakeApiHandlerOptions } from './handler.js';
import { Inbox, type WaitOptions } from './inbox.js';
import type { ReceivedAccount, ReceivedContact, ReceivedEvent, ReceivedRequest } from './received.js';
import type { Replies } from './replies.js';

/** What may be set on a fake API; everything has a default. */
export interface FakeApiOptions extends Pick<FakeApiHandlerOptions, 'rateLimit' | 'replies' | 'batch'> {
  /**
   * The one right API token. It may hold no colon, since HTTP Basic ends a user name there.
   * @defaultValue a random one, which is `token` of the fake API
   */
  readonly token?: string;
  /**
   * The port on 127.0.0.1.
   * @defaultValue 0: any free one
   */
  readonly port?: number;
}

/** Connections to the fake API since it started. */
export interface Sockets {
  /** Open now. */
  readonly open: number;
  /** The most that were open at the same time. */
  readonly most: number;
  /** All that were ever opened. */
  readonly total: number;
}

/** A Tracking API on this machine's loopback, which enforces the contract and keeps what it received. */
export interface FakeApi {
  /** Where it is, such as `http://127.0.0.1:49152`. */
  readonly url: string;
  /** The API token that it takes. */
  readonly token: string;
  /** Every request, accepted or not, in order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** Every accepted event, pageviews included and batches taken apart, in order of acceptance. */
  readonly events: readonly ReceivedEvent[];
  /** Those of `events` that are pageviews. */
  readonly pageviews: readonly ReceivedEvent[];
  /** Every accepted update of a contact, batches taken apart. */
  readonly contacts: readonly ReceivedContact[];
  /** Every accepted update of an account, batches taken apart. */
  readonly accounts: readonly ReceivedAccount[];
  readonly sockets: Sockets;
  /**
   * Replaces what is left of the script.
   * @throws TypeError or RangeError if a reply is not one
   */
  reply(replies: Replies): void;
  /** Forgets the requests and events; the script, the rate limit and the sockets stay as they are. */
  clear(): void;
  /**
   * Resolves as soon as there are `count` requests since the start or the last `clear`, answered or not.
   * @throws Error, which says how many came, when the time is up or the fake API is closed
   */
  waitForRequests(count: number, options?: WaitOptions): Promise<void>;
  /**
   * Resolves as soon as there are `count` accepted events since the start or the last `clear`.
   * @throws Error, which says how many came, when the time is up or the fake API is closed
   */
  waitForEvents(count: number, options?: WaitOptions): Promise<void>;
  /** Stops and destroys what sockets are open; what was received can still be read. Twice is once. */
  close(): Promise<void>;
  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

const optionNames = ['token', 'port', 'rateLimit', 'replies', 'batch'] satisfies (keyof FakeApiOptions)[];

/**
 * Starts a Tracking API for a test.
 * @throws TypeError or RangeError if an option is wrong, and what `listen` says if the port is taken
 */
export async function startFakeApi(options: FakeApiOptions = {}): Promise<FakeApi> {
  const { token = randomUUID(), port = 0, ...rest } = options;
  checkNames('startFakeApi', options, optionNames);
  checkRange('port', port, 0, 65_535);
  const inbox = new Inbox();
  const handler = createFakeApiHandler({ ...rest, token, onArrival: (request) => inbox.add(request) });
  const server = createServer((request, response) =>
    handler.handle(request, response, (settled) => {
      if (settled.isAccepted) inbox.accept(settled.messages);
    }),
  );
  // A socket that is idle stays: closed under a client that is about to use it, it would fail a test at random.
  server.keepAliveTimeout = 0;
  const open = new Set<Socket>();
  const sockets = countSockets(server, open);
  const url = await listen(server, port);
  let closing: Promise<void> | undefined;

  const close = (): Promise<void> => {
    inbox.close();
    closing ??= closeServer(server, open);
    return closing;
  };

  return {
    url,
    token,
    requests: inbox.requests,
    events: inbox.events,
    pageviews: inbox.pageviews,
    contacts: inbox.contacts,
    accounts: inbox.accounts,
    sockets,
    reply: (replies) => handler.reply(replies),
    clear: () => inbox.clear(),
    waitForRequests: (count, wait) => inbox.waitFor('requests', count, wait),
    waitForEvents: (count, wait) => inbox.waitFor('events', count, wait),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function countSockets(server: Server, open: Set<Socket>): Sockets {
  const sockets = { open: 0, most: 0, total: 0 };
  server.on('connection', (socket) => {
    open.add(socket);
    sockets.open = open.size;
    sockets.most = Math.max(sockets.most, open.size);
    sockets.total += 1;
    socket.once('close', () => {
      open.delete(socket);
      sockets.open = open.size;
    });
  });
  return sockets;
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closeServer(server: Server, open: Set<Socket>): Promise<void> {
  // The server says that it is closed a little before the last of its sockets do.
  const ends = [server, ...open].map((emitter) => new Promise((resolve) => emitter.once('close', resolve)));
  server.close();
  for (const socket of open) socket.destroy();
  await Promise.all(ends);
}
