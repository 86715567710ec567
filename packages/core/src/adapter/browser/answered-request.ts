import type { SkipReason } from '../../reasons.js';
import type { Exchange } from '../exchange.js';
import type { Identity } from '../identity.js';
import { type Head, headSkip, isErrorPage, isFramed } from '../rules/pageview-rules.js';
import { pathOf } from '../url/visit-url.js';
import type { BrowserReports } from './browser-reports.js';
import { documentMark, leftDocumentMark } from './document-mark.js';
import { addServerTiming } from './server-timing.js';

/** A request that the server answers, as far as the reports of browsers depend on it. */
export class AnsweredRequest<Request> {
  readonly #exchange: Exchange<Request>;
  readonly #reports: BrowserReports<Request>;
  readonly #requestSkip: SkipReason | undefined;
  readonly #isFramed: boolean;
  #isLeft: boolean | undefined;

  /** @param requestSkip - why the request itself cannot be a visit */
  constructor(
    exchange: Exchange<Request>,
    reports: BrowserReports<Request>,
    requestSkip: SkipReason | undefined,
  ) {
    this.#exchange = exchange;
    this.#reports = reports;
    this.#requestSkip = requestSkip;
    // Frames of somebody else's page and frames of the site's own can be told apart in the browser alone.
    this.#isFramed = reports.rules.countsFrames && requestSkip === 'not_a_page' && isFramed(exchange.req);
    if (!requestSkip || this.#isFramed) addServerTiming(exchange.res, (head) => this.#mark(head));
  }

  /** Whether the browser counts, in place of the server, what this request asks for. Asked once, at the response. */
  get isLeft(): boolean {
    this.#isLeft ??= this.#isFramed || (!this.#requestSkip && this.#isLeftDocument());
    return this.#isLeft;
  }

  /** Remembers whether the answer was an error: a script may show it in place, under its URL. */
  rememberError(identity: Identity): void {
    const { res, target } = this.#exchange;
    const { errors } = this.#reports;
    const page = this.#requestSkip === 'method' ? undefined : pathOf(target);
    if (page === undefined || !res.headersSent) return;
    const isError = isErrorPage(res);
    if (!isError && !errors.hasPage(page)) return;
    identity.whenKnown((contact) => {
      if (!contact) return;
      const contactUid = String(contact.contactUid);
      if (isError) errors.remember(contactUid, page, Date.now());
      else errors.forget(contactUid, page);
    });
  }

  #isLeftDocument(): boolean {
    const { rules } = this.#reports;
    const { request, target } = this.#exchange;
    return rules.leavesTarget(target) || rules.leavesRequest(request);
  }

  /** The `Server-Timing` entry of a response with such a head. */
  #mark(head: Head): string | undefined {
    if (headSkip(head)) return undefined;
    if (!this.isLeft) return documentMark(Date.now());
    // What is left by its path alone needs none: the browser's report names the path.
    return this.#reports.rules.leavesTarget(this.#exchange.target) ? undefined : leftDocumentMark;
  }
}
