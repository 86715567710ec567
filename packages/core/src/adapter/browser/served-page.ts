import type { SkipReason } from '../../reasons.js';
import type { EndedResponse, Exchange, ResponseHead } from '../exchange.js';
import type { Identity } from '../identity.js';
import { isFramed } from '../rules/request-rules.js';
import { isErrorPage, isPage, isShown } from '../rules/response-rules.js';
import { pathOf } from '../url/visit-url.js';
import type { BrowserReports } from './browser-reports.js';
import { documentMark, leftDocumentMark } from './document-mark.js';

/**
 * What the server answers to one request, as far as the reports of browsers depend on it: who counts the page, the mark
 * of its document, and whether it was an error.
 */
export class ServedPage<Request> {
  readonly #exchange: Exchange<Request>;
  readonly #reports: BrowserReports<Request>;
  readonly #requestReason: SkipReason | undefined;
  readonly #isFramed: boolean;
  #isLeft: boolean | undefined;

  /** @param requestReason - why the request itself cannot be a visit */
  constructor(
    exchange: Exchange<Request>,
    reports: BrowserReports<Request>,
    requestReason: SkipReason | undefined,
  ) {
    this.#exchange = exchange;
    this.#reports = reports;
    this.#requestReason = requestReason;
    // Only the browser can distinguish a frame in another site's page from a frame in one of this site.
    this.#isFramed = reports.rules.countsFrames && requestReason === 'not_a_page' && isFramed(exchange);
    if (!requestReason || this.#isFramed) exchange.addServerTiming((head) => this.#mark(head));
  }

  /** Whether the browser counts, in place of the server, what this request asks for. Asked once, at the response. */
  get isLeft(): boolean {
    const { request, target } = this.#exchange;
    const { documents } = this.#reports.rules;
    this.#isLeft ??= this.#isFramed || (!this.#requestReason && documents.match(request, target));
    return this.#isLeft;
  }

  /** Remembers whether the answer was an error: a script may show it in place, under its URL. */
  rememberError(response: EndedResponse, identity: Identity<Request>): void {
    const { target } = this.#exchange;
    const { errors } = this.#reports;
    const page = this.#requestReason === 'method' ? undefined : pathOf(target);
    if (page === undefined || !response.isHeadSent) return;
    const isError = isErrorPage(response);
    if (!isError && !errors.hasPage(page)) return;
    identity.whenKnown((contact) => {
      if (!contact) return;
      const contactUid = String(contact.contactUid);
      if (isError) errors.remember(contactUid, page, Date.now());
      else errors.forget(contactUid, page);
    });
  }

  /** The `Server-Timing` entry of a response with such a head. */
  #mark(head: ResponseHead): string | undefined {
    if (!isShown(head.status) || !isPage(head)) return undefined;
    if (!this.isLeft) return documentMark(Date.now());
    // What is left by its path alone needs none: the browser's report names the path.
    return this.#reports.rules.documents.matchTarget(this.#exchange.target) ? undefined : leftDocumentMark;
  }
}
