import type { Contact } from '../../event/contact.js';
import { pageviewUid } from '../../event/event.js';
import type { EventKind } from '../../queue/queue.js';
import type { SkipReason } from '../../reasons.js';
import type { AdapterPort } from '../../tracker/adapter-port.js';
import { isLoopback } from '../../transport/api-options.js';
import type { Exchange } from '../exchange.js';
import type { Identity } from '../identity.js';
import type { TrackingRules } from '../options.js';
import { isBot } from '../rules/bots.js';
import { reportReason } from '../rules/pageview-rules.js';
import { siteOf } from '../site.js';
import type { SiteUrl } from '../url/read-origin.js';
import { reportedUrl, withoutQuery } from '../url/visit-url.js';
import type { BelievedReport, BrowserReports } from './browser-reports.js';
import type { EventReport, PageReport } from './report.js';
import { reportBody } from './report-body.js';
import { hostOf } from './sender-origin.js';
import type { WebAnswer } from './web-answer.js';

/**
 * Takes a request as a report of a browser: records the page or the event that it names. Never rejects.
 *
 * @param parsed - the body, where a parser of the application's has read it
 * @param isAllowed - false where the application does not let the visitor in, who is then unknown
 * @returns what the browser is answered.
 */
export type TakeReport = (parsed: unknown, isAllowed?: boolean) => Promise<WebAnswer>;

/** One request that is a report, and what its `tracking(…)` knows. */
interface ReportRequest<Request> {
  readonly exchange: Exchange<Request>;
  readonly reports: BrowserReports<Request>;
  readonly rules: TrackingRules<Request>;
  readonly identity: Identity<Request>;
  readonly port: AdapterPort;
}

/**
 * Records what a browser reports, by the rules of a page that the server was asked for, and counts what it does not
 * record. The contact is that of the report's own request: a report names no contact.
 */
export class ReportRecorder<Request> {
  readonly #request: ReportRequest<Request>;
  readonly #arrivedAt = Date.now();
  readonly #site: SiteUrl | undefined;

  constructor(request: ReportRequest<Request>) {
    this.#request = request;
    this.#site = siteOf(request.exchange, request);
  }

  /** Never rejects. */
  async record(parsed: unknown, isAllowed: boolean): Promise<void> {
    const believed = await this.#read(parsed);
    this.#request.port.reporter.guard(() => {
      if (typeof believed === 'string') this.#skip(believed);
      else if (!isAllowed) this.#skip('no_contact');
      else if (believed.report.kind === 'event') this.#recordEvent(believed, believed.report);
      else this.#recordPage(believed, believed.report);
    });
  }

  async #read(parsed: unknown): Promise<BelievedReport | SkipReason> {
    const { reports, exchange } = this.#request;
    const prefetch = reportReason(exchange);
    if (prefetch) return prefetch;
    try {
      const believed = await reports.read(exchange, this.#site, () => reportBody(exchange, parsed));
      if (typeof believed === 'string' ? believed === 'cross_site' : !believed.origin)
        this.#warnOfHiddenOrigin();
      return believed;
    } catch {
      // The connection broke in the middle of the body.
      return 'aborted';
    }
  }

  #recordPage(believed: BelievedReport, { page, ageMs }: PageReport): void {
    const { rules, exchange } = this.#request;
    exchange.show?.(page);
    const origin = believed.origin ?? this.#site?.origin;
    const visitUrl = origin && reportedUrl(origin, believed.shown ?? page, rules.isSecret);
    const reason = this.#choiceSkip(page, visitUrl);
    if (reason || !visitUrl) return this.#skip(reason ?? 'no_url', page);
    const occurredAt = this.#arrivedAt - ageMs;
    this.#whenAllowed(believed, page, (contact) => {
      if (this.#submit('pageview', pageviewUid, { visitUrl, occurredAt }, contact))
        this.#log('pageview', page);
    });
  }

  #recordEvent(believed: BelievedReport, { eventUid, params, ageMs }: EventReport): void {
    const { rules, exchange } = this.#request;
    if (rules.hasConsent(exchange.request) !== true) return this.#skip('consent');
    const occurredAt = this.#arrivedAt - ageMs;
    this.#whenAllowed(believed, undefined, (contact) => {
      this.#submit('event', eventUid, { params, occurredAt }, contact);
    });
  }

  #submit(kind: EventKind, eventUid: string, details: object, contact: Contact): boolean {
    const { intake, reporter } = this.#request.port;
    const draft = intake.draft(kind, eventUid, details);
    return draft && intake.submit({ ...draft, isReported: reporter.isReporting }, contact);
  }

  /** Why the customer does not want a page to count. */
  #choiceSkip(page: string, url: string | undefined): SkipReason | undefined {
    const { exchange, rules } = this.#request;
    const { request } = exchange;
    if (rules.isIgnored(request, page)) return 'ignored';
    if (rules.hasConsent(request) !== true) return 'consent';
    if (url === undefined) return 'no_url';
    // The browser shows the page, so its status is that of a page.
    if (!rules.isWanted({ url, request, status: 200 })) return 'filtered';
    return rules.skipsBots && isBot(exchange.header('user-agent') ?? '') ? 'bot' : undefined;
  }

  #whenAllowed(believed: BelievedReport, page: string | undefined, record: (contact: Contact) => void): void {
    const { identity, reports, exchange } = this.#request;
    identity.whenKnown((contact) => {
      const reason = contact
        ? reports.reject(String(contact.contactUid), believed)
        : reports.rejectUnknown(exchange.connection);
      if (reason || !contact) this.#skip(reason ?? 'no_contact', page);
      else record(contact);
    });
  }

  #skip(reason: SkipReason, page?: string): void {
    this.#request.port.intake.skip(reason);
    this.#log(reason, page);
  }

  /** Of the page, where the report names one. */
  #log(outcome: SkipReason | 'pageview', page?: string): void {
    const { port, exchange } = this.#request;
    const method = page === undefined ? 'REPORT' : 'SHOW';
    port.reporter.request(() => ({
      outcome,
      method,
      path: withoutQuery(page ?? exchange.target),
      status: 204,
    }));
  }

  /** A browser that asked for the site names the public origin, which a proxy may hide from the application. */
  #warnOfHiddenOrigin(): void {
    const { exchange, port } = this.#request;
    const origin = exchange.header('origin');
    const site = exchange.header('sec-fetch-site');
    const host = hostOf(origin);
    if ((site ?? 'same-origin') !== 'same-origin') return;
    if (host === undefined || host === hostOf(this.#site?.origin)) return;
    // A development server, such as Vite's, hides its own address, and the report counts all the same.
    if (site !== undefined && isLoopback(host.replace(/:\d+$/, ''))) return;
    port.reporter.warnOnce(
      'proxy',
      `a browser reports pages of ${origin}, but requests come for ${this.#site?.origin ?? 'no host'}: ` +
        'let your proxy pass Host or X-Forwarded-Host on, or set baseUrl',
    );
  }
}
