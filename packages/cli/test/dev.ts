import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, vi } from 'vitest';
import { DevApi, type DevApiOptions } from '../src/dev/api/dev-api.js';
import { noFaults } from '../src/dev/api/faults.js';
import type { Entry, StreamMessage } from '../src/dev/protocol.js';
import { startDevServer } from '../src/dev/serve/server.js';

export const token = 'a-token-to-mask';

export const event = { contact_uid: 'ada', event_uid: 'user_registration' };

export interface Dev {
  readonly devApi: DevApi;
  readonly url: string;
}

/** Where it is: all that somebody outside knows. */
export type Reachable = Pick<Dev, 'url'>;

export interface DevOptions extends Partial<DevApiOptions> {
  readonly host?: string;
  readonly pageFolder?: string;
}

/** Starts `successeve dev`, without its command line. */
export async function startDev({
  host = '127.0.0.1',
  pageFolder,
  ...options
}: DevOptions = {}): Promise<Dev> {
  const devApi = new DevApi({ faults: noFaults, ...options });
  const server = await startDevServer(devApi, { host, port: 0, pageFolder });
  onTestFinished(() => server.close());
  return { devApi, url: server.url };
}

export interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Without the usual headers. */
  readonly isBare?: true;
}

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const usualHeaders = {
  authorization: `Basic ${btoa(`${token}:`)}`,
  'content-type': 'application/json',
};

/** Sends one request over real HTTP; without a word, a POST with a token and JSON. */
export async function send(url: string, sending: Sending = {}): Promise<Received> {
  const { method = 'POST', headers, body, isBare } = sending;
  const outgoing = request(url, {
    method,
    headers: { ...(isBare ? {} : usualHeaders), ...headers },
    agent: false,
  });
  outgoing.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: await text(answer) };
}

/** Sends an event. */
export function track({ url }: Reachable, body: unknown = event): Promise<Received> {
  return send(`${url}/v1/track/event`, { body });
}

/** Reads as JSON what a page would ask for. */
export async function get<Body>(url: string): Promise<Body> {
  const { status, text } = await send(url, { method: 'GET', isBare: true });
  expect(status).toBe(200);
  return JSON.parse(text);
}

/** Waits until a check passes, also on a busy machine. */
export function until<Result>(check: () => Result): Promise<Result> {
  return vi.waitFor(check, { timeout: 20_000 }) as Promise<Result>;
}

/** A page, as far as the server can tell. */
export interface Watching {
  readonly messages: readonly StreamMessage[];
  readonly entries: readonly Entry[];
  /** The id of the last message, with which a browser comes back. */
  readonly lastEventId: string;
  /** Waits until there are as many entries. */
  entriesAre(count: number): Promise<readonly Entry[]>;
  /** Waits for a message of a type. */
  message<Type extends StreamMessage['type']>(type: Type): Promise<Extract<StreamMessage, { type: Type }>>;
  readonly answer: IncomingMessage;
  close(): void;
}

export interface WatchOptions {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Reads nothing before `answer.resume()`. */
  readonly isSlow?: boolean;
}

/** Opens the stream as a page does. */
export async function watch(
  { url }: Reachable,
  { query = '', headers = {}, isSlow = false }: WatchOptions = {},
): Promise<Watching> {
  const agent = new Agent();
  const outgoing = request(`${url}/dev/stream${query}`, { headers, agent }).end();
  onTestFinished(() => agent.destroy());
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const messages: StreamMessage[] = [];
  const entries: Entry[] = [];
  let lastEventId = '';
  let buffer = '';
  if (isSlow) answer.pause();
  answer.setEncoding('utf8').on('data', (chunk: string) => {
    const blocks = (buffer + chunk).split('\n\n');
    buffer = blocks.pop() ?? '';
    for (const block of blocks) {
      lastEventId = /^id: (.*)$/m.exec(block)?.[1] ?? lastEventId;
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      const message: StreamMessage = JSON.parse(data);
      messages.push(message);
      if (message.type === 'entries') entries.push(...message.entries);
    }
  });
  answer.on('error', () => {});
  return {
    messages,
    entries,
    get lastEventId() {
      return lastEventId;
    },
    async entriesAre(count) {
      await until(() => expect(entries.length).toBeGreaterThanOrEqual(count));
      expect(entries).toHaveLength(count);
      return entries;
    },
    message: (type) =>
      until(() => {
        const found = messages.findLast((message) => message.type === type);
        expect(found, `a message of the type ${type}`).toBeDefined();
        return found as never;
      }),
    answer,
    close: () => agent.destroy(),
  };
}
