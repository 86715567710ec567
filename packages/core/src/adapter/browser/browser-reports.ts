import type { Contact } from '../../event/contact.js';
import { digest } from '../../queue/digests.js';
import type { SkipReason } from '../../reasons.js';
import { Recent } from '../../runtime/recent.js';
import type { Exchange, RequestHead } from '../exchange.js';
import { withoutPrefix } from '../url/path-prefix.js';
import type { SiteUrl } from '../url/read-origin.js';
import { pathOf } from '../url/visit-url.js';
import { type Allowance, Allowances, connectionPace, contactPace } from './allowances.js';
import { isAnsweredByServer } from './document-mark.js';
import type { BrowserRules } from './options.js';
import { RecentErrors } from './recent-errors.js';
import { type EventReport, type FirstPage, maxReportBytes, type PageReport, readReport } from './report.js';
import { reportBody } from './report-body.js';
import { hostOf, senderOrigin } from './sender-origin.js';

/** Contacts that are remembered, at least. Our choice: more than read at the same time, some 200 bytes each. */
const leastContacts = 5_000;

/** Documents whose marks are remembered, at least. Our choice: they matter for two seconds. */
const leastMarks = 5_000;

/** A page whose report is believed. */
export interface ShownPage extends Omit<PageReport, 'first'> {
  /** As the browser shows it: `page` has no prefix that a proxy strips. */
  readonly shown: string;
  /** A listed one, or the site's own, which may not be known. */
  readonly origin: string | undefined;
}

/** What one `tracking(…)` knows of the browsers that report to it. All of it is bounded. */
export class BrowserReports<Request> {
  readonly rules: BrowserRules<Request>;
  readonly errors: RecentErrors = new RecentErrors();
  readonly #ofContacts = new Allowances(contactPace, new Recent<string, Allowance>(leastContacts));
  readonly #ofConnections = new Allowances(connectionPace, new WeakMap<object, Allowance>());
  /** The mark that a visitor last came with, by document. */
  readonly #marks = new Recent<number, number>(leastMarks);

  constructor(rules: BrowserRules<Request>) {
    this.rules = rules;
  }

  /**
   * Reads a report as far as it is believed.
   *
   * @param parsed - the body, where a parser of the application's has read it
   * @returns why it is not believed, where it is not.
   */
  async read(
    request: Exchange<Request>,
    site: SiteUrl | undefined,
    parsed: unknown,
  ): Promise<ShownPage | EventReport | SkipReason> {
    const { origins, events, documents } = this.rules;
    const sender = senderOrigin(request, hostOf(site?.origin), origins);
    if (sender === undefined) return 'cross_site';
    if (Number(request.header('content-length') ?? 0) > maxReportBytes) return 'too_large';
    const body = await reportBody(request, parsed);
    if (body === undefined) return 'too_large';
    const report = readReport(body);
    if (typeof report === 'string') return report;
    if (report.kind === 'event') return events.has(report.eventUid) ? report : 'unlisted_event';
    const { page: shown, first, ageMs } = report;
    const isOwn = sender === 'own';
    const prefix = isOwn ? (site?.prefix ?? '') : '';
    if (first) {
      // No document of another origin is asked for here.
      const isLeft = !isOwn || documents.matchTarget(withoutPrefix(prefix, first.document));
      if (this.#isAnswered(first, isLeft, request)) return 'answered';
    }
    const origin = isOwn ? site?.origin : sender;
    return { kind: 'page', page: withoutPrefix(prefix, shown), shown, origin, ageMs };
  }

  /** Whether the server was asked for the document of a first page, and has counted or skipped it then. */
  #isAnswered(first: FirstPage, isLeft: boolean, request: RequestHead): boolean {
    if (!isAnsweredByServer(first, isLeft, Date.now())) return false;
    const { document, mark } = first;
    if (mark === undefined) return true;
    // A browser that comes with the same mark again has the document out of its cache, however fast it was.
    const visitor = digest(`${request.header('cookie')}\n${request.header('user-agent')}\n${document}`);
    if (this.#marks.get(visitor) === mark) return false;
    this.#marks.set(visitor, mark);
    return true;
  }

  /** Why a report does not count, although it is believed. */
  reject(
    contact: Contact | undefined,
    connection: object,
    report: ShownPage | EventReport,
  ): SkipReason | undefined {
    const now = Date.now();
    if (!contact) return this.#ofConnections.take(connection, now) ? 'no_contact' : 'too_many';
    const contactUid = String(contact.contactUid);
    if (!this.#ofContacts.take(contactUid, now)) return 'too_many';
    if (report.kind === 'event') return undefined;
    const page = pathOf(report.page);
    return page && this.errors.has(contactUid, page, now) ? 'status' : undefined;
  }
}
