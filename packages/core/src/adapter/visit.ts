import { TrackingError } from '../errors.js';
import type { Contact } from '../event/contact.js';
import type { DroppedEvent, EventDetails, EventInput } from '../event/event.js';
import { pageviewUid } from '../event/event.js';
import type { AccountParams, ContactParams, UpdateKind } from '../event/update.js';
import type { DropReason, SkipReason } from '../reasons.js';
import type { AdapterPort } from '../tracker/adapter-port.js';
import type { Tracker } from '../tracker/tracker.js';
import { AnsweredRequest } from './browser/answered-request.js';
import type { BrowserReports } from './browser/browser-reports.js';
import { ReportTaking, type TakeReport } from './browser/take-report.js';
import type { Exchange } from './exchange.js';
import { Identity, isNobody } from './identity.js';
import type { TrackingOptions, TrackingRules } from './options.js';
import type { RequestEventDetails, RequestPageviewDetails, RequestTrack } from './request-track.js';
import { isBot } from './rules/bots.js';
import type { LastAnswers } from './rules/last-answers.js';
import { isAsset, reportSkip, requestSkip, responseSkip } from './rules/pageview-rules.js';
import { callingPage } from './url/calling-page.js';
import { cleanUrl, visitUrl, withoutQuery } from './url/visit-url.js';

/** What all requests of one `tracking(…)` share. */
export interface VisitContext<Request> {
  readonly tracker: Tracker;
  readonly port: AdapterPort;
  readonly rules: TrackingRules<Request>;
  readonly identify: TrackingOptions<Request>['identify'];
  readonly lastAnswers: LastAnswers;
  /** Where `browser` is on. */
  readonly reports: BrowserReports<Request> | undefined;
}

/**
 * One request from its arrival to the end of its response: decides whether it was a visit, and carries `req.track`.
 */
export class Visit<Request> implements RequestTrack {
  readonly #context: VisitContext<Request>;
  readonly #exchange: Exchange<Request>;
  readonly #identity: Identity;
  readonly #arrivedAt = Date.now();
  /** Asked on arrival, since frameworks change headers later. */
  readonly #requestSkip: SkipReason | undefined;
  /** Pageviews that the handler asked for, in place of the automatic one. */
  readonly #explicit: RequestPageviewDetails[] = [];
  /** Read on arrival where it may be needed, like the rest of the request: middleware changes headers later. */
  readonly #origin: string | undefined;
  readonly #isHead: boolean;
  #visitUrl: string | undefined;
  #hasConsentFailed = false;
  #isSkipped = false;
  #isSpokenFor = false;
  readonly #answered: AnsweredRequest<Request> | undefined;
  /** Whether the request is a report of a browser. */
  readonly #isReport: boolean = false;
  /** Other mounts of the middleware that saw this request. */
  readonly #alsoMounted: AdapterPort[] = [];

  constructor(exchange: Exchange<Request>, context: VisitContext<Request>) {
    this.#context = context;
    this.#exchange = exchange;
    this.#isHead = exchange.req.method === 'HEAD';
    this.#requestSkip = (exchange.isReport ? reportSkip : requestSkip)(exchange.req);
    this.#origin = !this.#requestSkip && !context.rules.origin ? this.#readOrigin() : undefined;
    this.#identity = new Identity(() => context.identify(exchange.request), context.port);
    const { reports } = context;
    if (!reports || exchange.isReport) return;
    this.#isReport = reports.isReport(exchange.req.method, exchange.target);
    if (!this.#isReport) this.#answered = new AnsweredRequest(exchange, reports, this.#requestSkip);
  }

  // Functions of their own, so that they work when they are taken off the object: `const { event } = req.track`.

  readonly event = (eventUid: string, details?: RequestEventDetails): void => {
    const { port, tracker } = this.#context;
    const event = { kind: 'event', eventUid } as const;
    if (!this.#hasConsent()) return this.#drop(event, 'consent', 'consent said no');
    const known = this.#identity.ask();
    const input = known && readOrNothing(() => ofContact(known, details));
    if (input) return tracker.event(eventUid, input);
    // What cannot be read is refused here, like whatever else is not valid.
    const frozen = port.freeze('event', eventUid, details ?? {});
    if (!frozen) return;
    this.#identity.whenKnown((contact, { reason, message }) => {
      if (contact) port.assign(frozen, contact);
      else this.#drop(event, reason, message);
    });
  };

  readonly pageview = (details?: RequestPageviewDetails): void => {
    const { port, rules } = this.#context;
    const input = readOrNothing(() => {
      const url = details?.visitUrl;
      return { ...details, visitUrl: url === undefined ? this.#url() : cleanUrl(url, rules.isSecret) };
    });
    const frozen = port.freeze('pageview', pageviewUid, input ?? details ?? {});
    if (frozen && input) this.#explicit.push(frozen);
  };

  readonly contact = (params: ContactParams): void => this.#tell('contact', params);

  readonly account = (params: AccountParams): void => this.#tell('account', params);

  readonly identify = (contact: Contact): void => this.#identity.tell(contact);

  readonly skip = (): void => {
    this.#isSkipped = true;
  };

  call<Result>(name: string, callback: () => Result): Result | undefined {
    return this.#context.port.call(name, callback);
  }

  /** Another mount of the middleware sees this request too; this visit goes on to stand for it. */
  mountedAgain(port: AdapterPort): void {
    this.#alsoMounted.push(port);
  }

  /** This request is but a report of a page: it is the page that counts. */
  speakFor(): void {
    this.#isSpokenFor = true;
  }

  /** What takes this request as a report of a browser, where it is one. */
  findReport(): TakeReport | undefined {
    const { reports, tracker, port, rules } = this.#context;
    const exchange = this.#exchange;
    const identity = this.#identity;
    if (!reports) {
      port.warnOnce('browser', 'browserReports() is mounted, but tracking has no option `browser`');
    }
    if (!reports || !this.#isReport) return undefined;
    return async (parsed, isAllowed = true) => {
      this.#isSpokenFor = true;
      await new ReportTaking({ exchange, reports, rules, identity, tracker, port }).take(parsed, isAllowed);
      return reports.answerReport(exchange.req.headers);
    };
  }

  /** The response has ended, `isComplete` or abandoned. */
  end(isComplete: boolean): void {
    this.#identity.end();
    if (this.#isSpokenFor) return;
    if (this.#isReport) this.#warnOfUntaken();
    this.#answered?.rememberError(this.#identity);
    const explicit = this.#explicit;
    const skip = explicit.length > 0 ? this.#explicitSkip() : (this.#automaticSkip() ?? this.#choiceSkip());
    if (skip) return this.#skip(skip);
    const userAgent = this.#exchange.req.headers['user-agent'] ?? '';
    if (this.#context.rules.skipsBots && isBot(userAgent)) return this.#skip('bot');
    if (explicit.length > 0) {
      for (const details of explicit) this.#record(details);
      return;
    }
    const responseProblem = this.#responseSkip(isComplete);
    if (responseProblem) this.#skip(responseProblem);
    else this.#record();
  }

  /** What a browser shows by itself, it has; the response is the report's. */
  get #status(): number {
    return this.#exchange.isReport ? 200 : this.#exchange.res.statusCode;
  }

  #responseSkip(isComplete: boolean): SkipReason | undefined {
    const { isReport, res, target } = this.#exchange;
    if (isReport) return undefined;
    const { lastAnswers } = this.#context;
    const skip = responseSkip(res, isComplete);
    if (res.statusCode === 304) return skip ?? (lastAnswers.wasPage(target) ? undefined : 'not_html');
    if (!skip || skip === 'not_html') lastAnswers.remember(target, !skip);
    return skip;
  }

  /** Asked anew each time, since a handler may change the answer; but what fails is told once. */
  #hasConsent(): boolean {
    const answer = this.#hasConsentFailed
      ? undefined
      : this.#context.rules.hasConsent(this.#exchange.request);
    this.#hasConsentFailed = answer === undefined;
    return answer === true;
  }

  /** Why not even a pageview that the handler asked for counts: nobody visits, or nothing may be recorded. */
  #explicitSkip(): SkipReason | undefined {
    // Frameworks answer it by the handlers for GET.
    if (this.#isHead) return 'method';
    if (this.#requestSkip === 'prefetch') return 'prefetch';
    return this.#hasConsent() ? undefined : 'consent';
  }

  /** Why the server cannot count the request as a visit, whatever the customer wants. */
  #automaticSkip(): SkipReason | undefined {
    return this.#answered?.isLeft ? 'left_to_browser' : this.#requestSkip;
  }

  /** Why the customer does not want this page to count. */
  #choiceSkip(): SkipReason | undefined {
    const { rules } = this.#context;
    const { request, target } = this.#exchange;
    if (rules.isIgnored(request, target)) return 'ignored';
    if (!this.#hasConsent()) return 'consent';
    const url = this.#url();
    if (url === undefined) return 'no_url';
    if (!rules.isWanted({ url, request, status: this.#status })) return 'filtered';
    return this.#isSkipped ? 'skipped' : undefined;
  }

  #record(details?: RequestPageviewDetails): void {
    const { port } = this.#context;
    // Without one, a page is skipped by now, and what the handler asked for was refused.
    const visitUrl = (details ? details.visitUrl : this.#url()) as string;
    this.#identity.whenKnown((contact) => {
      if (!contact) return this.#skip('no_contact');
      const { contactUid, accountUid, displayName, params } = ofContact(contact, details);
      const occurredAt = this.#arrivedAt;
      const pageview = { contactUid, accountUid, displayName, params, visitUrl, occurredAt };
      if (!port.pageview(pageview)) return;
      this.#log('pageview');
      for (const other of this.#alsoMounted) other.countSkip('duplicate');
    });
  }

  #warnOfUntaken(): void {
    const { port, reports } = this.#context;
    port.warnOnce(
      'browser',
      `a browser reported to ${reports?.rules.path}, and no browserReports() took it: the answer was ` +
        `${this.#exchange.res.statusCode}. Mount browserReports() after your authentication, and before a CSRF check`,
    );
  }

  #skip(reason: SkipReason): void {
    this.#context.port.countSkip(reason);
    this.#log(reason);
  }

  #tell(kind: UpdateKind, params: ContactParams | AccountParams): void {
    const { port } = this.#context;
    if (!this.#hasConsent()) return this.#drop({ kind }, 'consent', 'consent said no');
    const known = this.#identity.ask();
    const frozen = known ? undefined : port.freezeUpdate(kind, params);
    if (!known && !frozen) return;
    this.#identity.whenKnown((contact, { reason, message }) => {
      if (!contact) this.#drop({ kind }, reason, message);
      else if (kind === 'account' && isNobody(contact.accountUid)) {
        this.#drop({ kind }, 'no_contact', 'identify named no account');
      } else if (frozen) port.assign(frozen, contact);
      else port.tell(kind, params, contact);
    });
  }

  #drop(event: DroppedEvent, reason: DropReason, message: string): void {
    this.#context.port.drop(event, reason, new TrackingError(reason, message));
  }

  #url(): string | undefined {
    if (this.#visitUrl !== undefined) return this.#visitUrl;
    const { rules } = this.#context;
    const origin = rules.origin ?? this.#origin ?? this.#readOrigin();
    this.#visitUrl = origin && visitUrl(origin, this.#exchange.target, rules.isSecret);
    return this.#visitUrl;
  }

  #readOrigin(): string | undefined {
    return this.#context.port.call('tracking', () => this.#exchange.origin());
  }

  #log(outcome: SkipReason | 'pageview'): void {
    const { req, res, target, isReport } = this.#exchange;
    this.#context.port.request(() => ({
      outcome,
      method: isReport ? 'SHOW' : (req.method ?? ''),
      path: withoutQuery(target),
      // Before the head is sent, the status is but a default.
      status: isReport || res.headersSent ? this.#status : 'unanswered',
      page: isReport ? undefined : callingPage(req),
      isAsset: !isReport && isAsset(req),
    }));
  }
}

/** What a contact did; an account named with the event wins over the contact's own. */
function ofContact({ contactUid, accountUid }: Contact, details?: EventDetails): EventInput {
  // Not a spread: adding to a spread object costs more than all the rest on Node 20.
  return {
    contactUid,
    accountUid: details?.accountUid ?? accountUid,
    displayName: details?.displayName,
    params: details?.params,
    occurredAt: details?.occurredAt,
  };
}

/** Reads an object of the customer's, which may have a getter that throws. */
function readOrNothing<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
