import { TrackingError } from '../errors.js';
import { type DroppedEvent, pageviewUid } from '../event/event.js';
import type { EventKind } from '../queue/queue.js';
import type { DropReason, SkipReason } from '../reasons.js';
import type { AdapterPort } from '../tracker/adapter-port.js';
import type { Draft } from '../tracker/intake.js';
import type { BrowserSide } from './browser/browser-side.js';
import type { TakeReport } from './browser/report-recorder.js';
import type { ServedPage } from './browser/served-page.js';
import type { EndedResponse, Exchange } from './exchange.js';
import type { FollowedRequest } from './followed-request.js';
import { Identity, isEmptyUid } from './identity.js';
import type { OpenPages } from './open-pages.js';
import type { TrackingRules } from './options.js';
import type { RequestPageviewDetails, RequestTrack } from './request-track.js';
import type { LastAnswers } from './rules/last-answers.js';
import { type EndedPage, explicitReason, pageReason, requestReason } from './rules/pageview-rules.js';
import { isAsset } from './rules/request-rules.js';
import type { YesOrNo } from './rules/yes-or-no.js';
import { siteOf } from './site.js';
import { callingPage } from './url/calling-page.js';
import type { SiteUrl } from './url/read-origin.js';
import { cleanUrl, visitUrl, withoutQuery } from './url/visit-url.js';

/** What all requests of one `tracking(…)` share. */
export interface VisitContext<Request> {
  readonly port: AdapterPort;
  readonly rules: TrackingRules<Request>;
  readonly lastAnswers: LastAnswers;
  readonly openPages: OpenPages;
  /** `undefined` where `browser` is off, or nothing takes reports. */
  findBrowser(): BrowserSide<Request> | undefined;
}

/**
 * One request from its arrival to the end of its response: records what its contact does, and decides whether it was a
 * visit of a page.
 */
export class Visit<Request> implements FollowedRequest, EndedPage<Request> {
  readonly track: RequestTrack;
  readonly exchange: Exchange<Request>;
  readonly rules: TrackingRules<Request>;
  readonly method: string;
  readonly requestReason: SkipReason | undefined;
  /** Where `browser` is on, and this request is not a report itself. */
  readonly served: ServedPage<Request> | undefined;
  /** Set when it has ended. */
  declare response: EndedResponse;
  wasRead = false;
  isSkipped = false;
  readonly #context: VisitContext<Request>;
  readonly #identity: Identity<Request>;
  readonly #arrivedAt = Date.now();
  /** Read on arrival where it may be needed: frameworks change headers later. */
  #site: SiteUrl | undefined;
  readonly #browser: BrowserSide<Request> | undefined;
  /** Pageviews that the handler asked for, in place of the automatic one. */
  #explicit: Draft[] | undefined;
  #url: string | undefined;
  #consent: YesOrNo | undefined;
  /** Whether this request is a browser's report. */
  readonly #isReport: boolean;
  /** Whether the report was taken: what it reports is counted, and not the request itself. */
  #isReportTaken = false;
  #otherMounts: (() => void)[] | undefined;
  #isKeptAlive = false;

  constructor(exchange: Exchange<Request>, context: VisitContext<Request>) {
    this.#context = context;
    this.exchange = exchange;
    this.rules = context.rules;
    this.method = exchange.method;
    this.requestReason = requestReason(exchange);
    this.#site = this.requestReason ? undefined : siteOf(exchange, context);
    this.#identity = new Identity(this.rules.identify, exchange.request, context.port);
    const browser = context.findBrowser();
    this.#browser = browser;
    this.#isReport = browser?.isReport(exchange) ?? false;
    if (!this.requestReason) context.openPages.add(exchange);
    if (!this.#isReport) this.served = browser?.serve(exchange, this.requestReason);
    this.track = {
      event: (eventUid: string, details?: unknown) => this.#submitWhenKnown('event', eventUid, details),
      pageview: (details) => this.#requestPageview(details),
      contact: (params) => this.#submitWhenKnown('contact', undefined, params),
      account: (params) => this.#submitWhenKnown('account', undefined, params),
      identify: (contact) => this.#identity.set(contact),
      skip: () => {
        this.isSkipped = true;
      },
    };
  }

  call<Result>(name: string, callback: () => Result): Result | undefined {
    return this.#context.port.reporter.call(name, callback);
  }

  mountedAgain(countDuplicate: () => void): void {
    this.#otherMounts ??= [];
    this.#otherMounts.push(countDuplicate);
  }

  findReport(isRoute = false): TakeReport | undefined {
    const { port, rules } = this.#context;
    const browser = this.#browser;
    if (!rules.browser) {
      port.reporter.warnOnce('browser', 'browserReports() is mounted, but tracking has no option `browser`');
    }
    if (!browser || !(this.#isReport || isRoute)) return undefined;
    const request = { exchange: this.exchange, identity: this.#identity, rules, port };
    return (parsed, isAllowed = true) => {
      this.#isReportTaken = true;
      return browser.take(request, parsed, isAllowed);
    };
  }

  /** The response has ended. */
  end(response: EndedResponse): void {
    this.response = response;
    this.wasRead = this.#context.openPages.delete(this.exchange);
    this.#identity.end();
    if (!this.#isReportTaken) this.#decide(response);
    this.#keepAlive();
  }

  #decide(response: EndedResponse): void {
    if (this.#isReport) this.#warnOfUntakenReport();
    this.served?.rememberError(response, this.#identity);
    const explicit = this.#explicit;
    const reason = explicit ? explicitReason(this) : pageReason(this);
    if (reason) this.#skip(reason);
    else if (explicit) for (const draft of explicit) this.#record(draft);
    else this.#record();
  }

  // What the rules read.

  get url(): string | undefined {
    if (this.#url !== undefined) return this.#url;
    this.#site ??= siteOf(this.exchange, this.#context);
    const { origin, prefix } = this.#site ?? {};
    this.#url = origin && visitUrl(origin, this.exchange.target, this.rules.isSecret, prefix);
    return this.#url;
  }

  /** Checked each time, since a handler may change the result; a failure is reported once. */
  hasConsent(): boolean {
    if (this.#consent !== 'failed') this.#consent = this.rules.consentOf(this.exchange.request);
    return this.#consent === true;
  }

  isHtml(): boolean {
    return this.#context.lastAnswers.isPage(this.exchange.target, this.response);
  }

  #requestPageview(details: RequestPageviewDetails | undefined): void {
    const { intake } = this.#context.port;
    const draft = intake.draft('pageview', pageviewUid, () => {
      const url = details?.visitUrl;
      const visitUrl = url === undefined ? this.url : cleanUrl(url, this.rules.isSecret);
      return { ...details, visitUrl, occurredAt: this.#arrivedAt };
    });
    if (!draft || !intake.hold(draft)) return;
    this.#explicit ??= [];
    this.#explicit.push(draft);
  }

  /** Submits an event or an update, as soon as the contact is known. */
  #submitWhenKnown(kind: EventKind, eventUid: string | undefined, details: unknown): void {
    const { intake } = this.#context.port;
    const dropped = { kind, eventUid } as DroppedEvent;
    if (!this.hasConsent()) return this.#drop(dropped, 'consent', 'consent did not return true');
    const draft = intake.draft(kind, eventUid, () => details);
    if (!draft) return;
    const known = this.#identity.ask();
    if (!known && !intake.hold(draft)) return;
    this.#identity.whenKnown((contact, { reason, message }) => {
      if (!contact) this.#drop(dropped, reason, message);
      else if (kind === 'account' && isEmptyUid(contact.accountUid)) {
        this.#drop(dropped, 'no_contact', 'identify returned no accountUid');
      } else intake.submit(draft, contact);
    });
    this.#keepAlive();
  }

  /** Lets a platform that ends with its requests wait for delivery. */
  #keepAlive(): void {
    const { waitUntil } = this.exchange;
    if (!waitUntil || this.#isKeptAlive) return;
    const delivery = this.#context.port.closing.deliver();
    if (!delivery) return;
    this.#isKeptAlive = true;
    const end = (): void => {
      this.#isKeptAlive = false;
    };
    waitUntil(delivery.then(end, end));
  }

  /** Records a pageview as soon as the contact is known: one that the handler asked for, or the automatic one. */
  #record(explicit?: Draft): void {
    const { intake } = this.#context.port;
    this.#identity.whenKnown((contact) => {
      if (!contact) return this.#skip('no_contact');
      const isRecorded = explicit
        ? intake.submit(explicit, contact)
        : intake.pageview(contact, this.url as string, this.#arrivedAt);
      if (!isRecorded) return;
      this.#log('pageview');
      for (const countDuplicate of this.#otherMounts ?? []) countDuplicate();
    });
  }

  #warnOfUntakenReport(): void {
    this.#context.port.reporter.warnOnce(
      'browser',
      `a browser reported to ${this.rules.browser?.path}, and no browserReports() took it: the answer was ` +
        `${this.response.status}. Mount browserReports() after your authentication, and before a CSRF check`,
    );
  }

  #skip(reason: SkipReason): void {
    this.#context.port.intake.skip(reason);
    this.#log(reason);
  }

  #drop(event: DroppedEvent, reason: DropReason, message: string): void {
    this.#context.port.intake.drop(event, reason, new TrackingError(reason, message));
  }

  #log(outcome: SkipReason | 'pageview'): void {
    this.#context.port.reporter.request(() => ({
      outcome,
      method: this.method,
      path: withoutQuery(this.exchange.target),
      status: this.response.isHeadSent ? this.response.status : 'unanswered',
      page: callingPage(this.exchange),
      isAsset: isAsset(this.exchange),
    }));
  }
}
