import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalidOption, TrackingError } from '../errors.js';
import type { DroppedEvent } from '../event/event.js';
import { pageviewUid } from '../event/event.js';
import type { SkipReason } from '../reasons.js';
import { type AdapterPort, adapterPort } from '../tracker/adapter-port.js';
import type { Tracker } from '../tracker/tracker.js';
import { BrowserReports } from './browser/browser-reports.js';
import type { TakeReport } from './browser/take-report.js';
import type { WebAnswer } from './browser/web-answer.js';
import { openContext } from './context.js';
import type { Exchange } from './exchange.js';
import { resolveTrackingOptions, type TrackingOptions } from './options.js';
import type { RequestTrack } from './request-track.js';
import { LastAnswers } from './rules/last-answers.js';
import { tellOfUnfollowed } from './untracked-pages.js';
import { withoutQuery } from './url/visit-url.js';
import { Visit } from './visit.js';

/** What an adapter does with every request. */
export interface RequestTracking<Request> {
  /**
   * Follows a request until its response has ended. Never throws.
   *
   * @returns the request's helper, which the adapter attaches as `track`. The same one when the request is followed
   * already.
   */
  follow(exchange: Exchange<Request>): FollowedTrack;
  /**
   * Records, by the rules for pages, a page that the browser showed without asking the server for it, as the browser
   * reports by a request of its own. Never throws.
   */
  report(exchange: Exchange<Request>): void;
  /**
   * Answers a request in place of the application, where `browser` is on: with the script, say. An adapter asks before
   * it follows a request, so that no login stands before the script. Never throws.
   */
  answer(request: Pick<Exchange<Request>, 'req' | 'target'>): WebAnswer | undefined;
  /** Where browsers report to; `undefined` where `browser` is off. */
  readonly reportPath: string | undefined;
  /** Counts a report that is not believed. */
  refuse(reason: SkipReason, exchange: Pick<Exchange<Request>, 'req'>): void;
  /**
   * Attaches the helper as `track` to whatever the application sees of the request. Never throws: where the application
   * has a `track` of its own that cannot be set, that stays, and a warning says so once.
   */
  attach(track: RequestTrack, ...holders: readonly { track?: RequestTrack | undefined }[]): void;
  /** Runs the rest of the request's handling, so that `currentTrack()` finds the helper where `context` is on. */
  run<Result>(track: RequestTrack, next: () => Result): Result;
  /** As `run`, where there is no function to run: for all that the current asynchronous context goes on to do. */
  enter(track: RequestTrack): void;
  /** The helper where there is no request, and so no contact: what it is told is dropped, with that reason. */
  readonly outside: RequestTrack;
  /**
   * Warns, once, where a proxy says how the site was reached, to an application that does not trust it.
   *
   * @param setting - how an application of this framework says that it does
   */
  warnOfProxy(req: IncomingMessage, setting: string): void;
  /** Warns, once, where browsers report pages of another origin than requests come for: a proxy hides the public one. */
  warnOfHiddenOrigin(reported: string, seen: string | undefined): void;
}

/** A request's helper as adapters see it. */
export interface FollowedTrack extends RequestTrack {
  /** Calls a function of the customer's for this request; `undefined` when it threw, which `onError` is told. */
  call<Result>(name: string, callback: () => Result): Result | undefined;
}

/** A visit as copies of this package find it on a request. */
interface FollowedVisit extends FollowedTrack {
  findReport?(): TakeReport | undefined;
  mountedAgain(port: AdapterPort): void;
  speakFor(): void;
}

const visitKey = Symbol.for('@successeve/core/visit');
type Followed = IncomingMessage & { [visitKey]?: FollowedVisit };

const nothing = (): undefined => {};
const disabledTrack: FollowedTrack = {
  event: nothing,
  pageview: nothing,
  contact: nothing,
  account: nothing,
  identify: nothing,
  skip: nothing,
  call: nothing,
};

/**
 * What adapters are made of: decides what counts as a pageview and who made it. An adapter only translates.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function trackRequests<Request>(
  tracker: Tracker,
  options: TrackingOptions<Request>,
): RequestTracking<Request> {
  const port = (tracker as Partial<Record<typeof adapterPort, AdapterPort>> | undefined)?.[adapterPort];
  if (!port) throw invalidOption('tracker', 'what createTracker returned', tracker);
  const rules = resolveTrackingOptions(options, port);
  const storage = options.context ? openContext() : undefined;
  const lastAnswers = new LastAnswers();
  const reports = rules.browser && new BrowserReports(rules.browser);
  const context = { tracker, port, rules, identify: options.identify, lastAnswers, reports };
  if (port.isReporting) tellOfUnfollowed(port, (req: Followed) => req[visitKey] !== undefined);

  return {
    reportPath: rules.browser?.path,
    follow(exchange) {
      const req: Followed = exchange.req;
      const followed = req[visitKey];
      // Another mount may have a tracker that is on.
      if (!port.isEnabled) return followed ?? disabledTrack;
      if (followed) {
        port.warnOnce(
          'duplicate',
          'the middleware is mounted twice: a request is counted by the first mount only',
        );
        followed.mountedAgain(port);
        return followed;
      }
      const visit = new Visit(exchange, context);
      req[visitKey] = visit;
      onResponseEnd(exchange.res, (isComplete) => {
        port.call('tracking', () => visit.end(isComplete));
      });
      return visit;
    },
    answer({ req, target }) {
      if (!reports) return undefined;
      // Nothing takes reports where the tracker is off, and a page must not see an error for that.
      if (!port.isEnabled && reports.isReport(req.method, target)) return reports.answerReport(req.headers);
      return reports.answer(req.method, req.headers, target);
    },
    report(exchange) {
      if (!port.isEnabled) return;
      speakFor(exchange.req);
      port.call('tracking', () => new Visit({ ...exchange, isReport: true }, context).end(true));
    },
    refuse(reason, { req }) {
      if (!port.isEnabled) return;
      speakFor(req);
      port.countSkip(reason);
      port.request(() => ({
        outcome: reason,
        method: `SHOW by ${req.method}`,
        path: withoutQuery(req.url ?? ''),
      }));
    },
    attach(track, ...holders) {
      for (const holder of holders) {
        try {
          holder.track = track;
        } catch {
          port.warnOnce(
            'track',
            'the application has a `track` of its own, which cannot be set: use currentTrack() with context: true',
          );
        }
      }
    },
    outside: outsideOf(port),
    enter: (track) => storage?.enterWith(track),
    run: (track, next) => (storage ? storage.run(track, next) : next()),
    warnOfProxy({ headers }, setting) {
      if (!headers['x-forwarded-proto']) return;
      port.warnOnce(
        'proxy',
        `a proxy says how the site was reached (X-Forwarded-Proto), but it is not trusted: ${setting}, or set baseUrl`,
      );
    },
    warnOfHiddenOrigin(reported, seen = 'no host') {
      port.warnOnce(
        'proxy',
        `browsers report pages of ${reported}, but requests come for ${seen}, and such a report is not trusted: ` +
          'let your proxy pass Host or X-Forwarded-Host on, or set baseUrl',
      );
    },
  };
}

/**
 * Finds whether a request is a report of a browser, for `browserReports()` of an adapter.
 *
 * @returns `undefined` where the request is not a report, or is not followed.
 */
export function findReport(req: IncomingMessage): TakeReport | undefined {
  return (req as Followed)[visitKey]?.findReport?.();
}

const outsideMessage =
  'tracked outside of a request, or in one that arrived before registerTracking() had been called';

function outsideOf(port: AdapterPort): RequestTrack {
  const drop = (event: DroppedEvent): void => {
    if (!port.isEnabled) return;
    port.drop(event, 'no_contact', new TrackingError('no_contact', outsideMessage));
  };
  return {
    event: (eventUid) => drop({ kind: 'event', eventUid }),
    pageview: () => drop({ kind: 'pageview', eventUid: pageviewUid }),
    contact: () => drop({ kind: 'contact' }),
    account: () => drop({ kind: 'account' }),
    identify: nothing,
    skip: nothing,
  };
}

/** What comes of a report is told of the page, and not of the request that reports it as well. */
function speakFor(req: Followed): void {
  req[visitKey]?.speakFor();
}

/** Calls `listener` once, when the response has ended; `isComplete` is false for one that was abandoned. */
function onResponseEnd(res: ServerResponse, listener: (isComplete: boolean) => void): void {
  let hasEnded = false;
  const end = (isComplete: boolean): void => {
    if (!hasEnded) listener(isComplete);
    hasEnded = true;
  };
  // Over HTTP/2, what was never ended counts as finished too, once the visitor has left.
  if (isConnected(res)) return void res.on('close', () => end(res.writableEnded && res.writableFinished));
  res.on('finish', () => end(true));
  // It may be part of finishing.
  res.on('close', () => queueMicrotask(() => end(false)));
}

/**
 * False for the responses of serverless functions and injected requests: in place of a connection they have what can
 * only be written to, which may never close, or not know that it is finished.
 */
function isConnected({ socket }: ServerResponse): boolean {
  return !socket || 'readable' in socket;
}
