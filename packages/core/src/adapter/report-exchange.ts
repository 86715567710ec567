import type { EndedResponse, Exchange } from './exchange.js';
import type { ReportedPage } from './followed-request.js';

/** A page that a browser showed by itself, as if it had been requested: with the headers of the browser's report. */
export class ReportExchange<Request> implements Exchange<Request> {
  /** In the log. */
  readonly method = 'SHOW';
  readonly request: Request;
  readonly target: string;
  readonly #report: Exchange<Request>;

  constructor(report: Exchange<Request>, { target, request }: ReportedPage) {
    this.#report = report;
    this.target = target;
    this.request = (request ?? report.request) as Request;
  }

  get connection(): object {
    return this.#report.connection;
  }

  body(): undefined {}

  addServerTiming(): void {}

  get raw(): object {
    return this.#report.raw;
  }

  /** The browser has shown it. */
  get response(): EndedResponse {
    return shown;
  }

  header(name: string): string | undefined {
    return this.#report.header(name);
  }

  origin(): string | undefined {
    return this.#report.origin();
  }

  onEnd(listener: (response: EndedResponse) => void): void {
    listener(shown);
  }
}

const shown: EndedResponse = {
  isComplete: true,
  isHeadSent: true,
  status: 200,
  header: () => undefined,
};
