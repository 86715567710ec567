import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { defer } from './deferred.js';

/** What a browser sends when a visitor follows a link. Plain `node` would be taken for a bot. */
const navigation: Headers = {
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'accept-language': 'en',
  'upgrade-insecure-requests': '1',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
  'sec-fetch-user': '?1',
};

/** Headers in addition to or instead of a navigation's; `undefined` leaves one out. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface Sending {
  readonly method?: string;
  /** Sent as it is, so it may be what no URL is. */
  readonly path?: string;
  readonly headers?: Headers;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** A request under way. */
export interface Visit {
  readonly answer: Promise<Answer>;
  /** The head and the first bytes of the body have come. */
  readonly begun: Promise<void>;
  /** The visitor leaves: the connection is destroyed. */
  abort(): void;
}

/** A browser of one person, that keeps its connections. */
export class Browser {
  readonly #port: number;
  readonly #agent: Agent;
  readonly #headers: Headers;

  constructor(url: string, headers: Headers, maxSockets: number = Number.POSITIVE_INFINITY) {
    this.#port = Number(new URL(url).port);
    this.#headers = { ...navigation, ...headers };
    this.#agent = new Agent({ keepAlive: true, maxSockets });
  }

  start({ method = 'GET', path = '/page', headers, body }: Sending = {}): Visit {
    const outgoing = request({ host: '127.0.0.1', port: this.#port, method, path, agent: this.#agent });
    for (const [name, value] of Object.entries({ ...this.#headers, ...headers })) {
      if (value !== undefined) outgoing.setHeader(name, value);
    }
    const begun = defer();
    const answer = new Promise<Answer>((resolve, reject) => {
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        response.once('data', () => begun.resolve());
        read(response).then(resolve, reject);
      });
    });
    // A visitor who leaves does not ask for the answer.
    answer.catch(() => {});
    outgoing.end(body);
    return { answer, begun: begun.promise, abort: () => outgoing.destroy() };
  }

  send(sending: Sending): Promise<Answer> {
    return this.start(sending).answer;
  }

  /** Sends lines as they are, on a separate connection, and returns the status. */
  async sendRaw(...lines: readonly string[]): Promise<number> {
    const socket = connect(this.#port, '127.0.0.1');
    const headers = Object.entries(this.#headers).map(([name, value]) => `${name}: ${value}`);
    socket.write([...lines, ...headers, 'connection: close', '', ''].join('\r\n'), 'latin1');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    return Number(answer.slice('HTTP/1.1 '.length).slice(0, 3));
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers, rawHeaders } = response;
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response) body += chunk;
  return { status, headers, rawHeaders, body };
}
