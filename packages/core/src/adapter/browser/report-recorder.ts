import { pageviewUid } from '../../event/event.js';
import type { EventKind } from '../../queue/queue.js';
import type { SkipReason } from '../../reasons.js';
import type { AdapterPort } from '../../tracker/adapter-port.js';
import { isLoopback } from '../../transport/api-options.js';
import type { Exchange } from '../exchange.js';
import type { Identity } from '../identity.js';
import type { TrackingRules } from '../options.js';
import { isPrefetch } from '../rules/request-rules.js';
import { siteOf } from '../site.js';
import type { SiteUrl } from '../url/read-origin.js';
import { reportedUrl, withoutQuery } from '../url/visit-url.js';
import type { BrowserReports, ShownPage } from './browser-reports.js';
import type { EventReport } from './report.js';
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
export interface ReportRequest<Request> {
  readonly exchange: Exchange<Request>;
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
  readonly #reports: BrowserReports<Request>;
  readonly #arrivedAt = Date.now();
  readonly #site: SiteUrl | undefined;

  constructor(request: ReportRequest<Request>, reports: BrowserReports<Request>) {
    this.#request = request;
    this.#reports = reports;
    this.#site = siteOf(request.exchange, request);
  }

  /** Never rejects. */
  async record(parsed: unknown, isAllowed: boolean): Promise<void> {
    const report = await this.#read(parsed);
    this.#request.port.reporter.guard(() => {
      if (typeof report === 'string') this.#skip(report);
      else if (!isAllowed) this.#skip('no_contact');
      else if (report.kind === 'event') this.#recordEvent(report);
      else this.#recordPage(report);
    });
  }

  async #read(parsed: unknown): Promise<ShownPage | EventReport | SkipReason> {
    const { exchange } = this.#request;
    if (isPrefetch(exchange)) return 'prefetch';
    try {
      this.#warnOfHiddenOrigin();
      return await this.#reports.read(exchange, this.#site, parsed);
    } catch {
      // The connection broke in the middle of the body.
      return 'aborted';
    }
  }

  #recordPage(shownPage: ShownPage): void {
    const { rules, exchange } = this.#request;
    const { page, shown, origin } = shownPage;
    exchange.show?.(page);
    const visitUrl = origin && reportedUrl(origin, shown, rules.isSecret);
    const reason = this.#choiceSkip(page, visitUrl);
    if (reason) this.#skip(reason, page);
    else this.#submit(shownPage, 'pageview', pageviewUid, { visitUrl });
  }

  #recordEvent(report: EventReport): void {
    const { rules, exchange } = this.#request;
    const { eventUid, params } = report;
    if (rules.consentOf(exchange.request) === true) this.#submit(report, 'event', eventUid, { params });
    else this.#skip('consent');
  }

  /** Submits what is reported once its contact is known, unless that contact reports too much. */
  #submit(report: ShownPage | EventReport, kind: EventKind, eventUid: string, details: object): void {
    const { exchange, identity, port } = this.#request;
    const { intake, reporter } = port;
    const page = report.kind === 'page' ? report.page : undefined;
    const occurredAt = this.#arrivedAt - report.ageMs;
    identity.whenKnown((contact) => {
      const reason = this.#reports.reject(contact, exchange.connection, report);
      if (reason || !contact) return this.#skip(reason ?? 'no_contact', page);
      const draft = intake.draft(kind, eventUid, () => ({ ...details, occurredAt }));
      const isRecorded = draft && intake.submit({ ...draft, isReported: reporter.isReporting }, contact);
      if (isRecorded && page !== undefined) this.#log('pageview', page);
    });
  }

  /** Why the customer does not want a page to count. */
  #choiceSkip(page: string, url: string | undefined): SkipReason | undefined {
    const { exchange, rules } = this.#request;
    const { request } = exchange;
    if (rules.isIgnored(request, page)) return 'ignored';
    if (rules.consentOf(request) !== true) return 'consent';
    if (url === undefined) return 'no_url';
    // The browser shows the page, so its status is that of a page.
    if (!rules.isWanted({ url, request, status: 200 })) return 'filtered';
    return rules.isBot(exchange) ? 'bot' : undefined;
  }

  #skip(reason: SkipReason, page?: string): void {
    this.#request.port.intake.skip(reason);
    this.#log(reason, page);
  }

  /** Of the page, where the report names one. */
  #log(outcome: SkipReason | 'pageview', page?: string): void {
    const { port, exchange } = this.#request;
    const method = page === undefined ? 'REPORT' : 'SHOW';
    const path = withoutQuery(page ?? exchange.target);
    port.reporter.request(() => ({ outcome, method, path, status: 204 }));
  }

  /** A browser that asked for the site names the public origin, which a proxy may hide from the application. */
  #warnOfHiddenOrigin(): void {
    const { exchange, port } = this.#request;
    const origin = exchange.header('origin');
    const site = exchange.header('sec-fetch-site');
    const host = hostOf(origin);
    if (origin === undefined || this.#reports.rules.origins.has(origin)) return;
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
