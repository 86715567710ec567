import { watchUntrackedPages } from '#node-server';
import { invalidOption } from '../errors.js';
import type { Reporter } from '../reporting/reporter.js';
import { type AdapterPort, adapterPort } from '../tracker/adapter-port.js';
import type { Tracker } from '../tracker/tracker.js';
import { BrowserSide } from './browser/browser-side.js';
import type { BrowserSideClass } from './browser/mounted-browser-side.js';
import type { WebAnswer } from './browser/web-answer.js';
import { openContext } from './context.js';
import type { Exchange } from './exchange.js';
import { type FollowedRequest, followedRequest, keepFollowed, unfollowed } from './followed-request.js';
import { OpenPages } from './open-pages.js';
import { resolveTrackingOptions, type TrackingOptions } from './options.js';
import type { RequestTrack } from './request-track.js';
import { LastAnswers } from './rules/last-answers.js';
import { Visit } from './visit.js';

/** What an adapter does with every request. */
export interface RequestTracking<Request> {
  /**
   * Answers a request in place of the application, where `browser` is on: with the script, say. An adapter asks before
   * it follows a request, so that no login stands before the script. Never throws.
   */
  answer(exchange: Exchange<Request>): WebAnswer | undefined;
  /** Where browsers report to; `undefined` where `browser` is off. */
  readonly reportPath: string | undefined;
  /**
   * Follows a request until its response has ended, and attaches its helper as `track` to all that the application sees
   * of the request. Never throws. Where another mount follows the request already, its helper is attached.
   */
  follow(exchange: Exchange<Request>, ...holders: readonly TrackHolder[]): FollowedRequest;
  /** Runs the rest of the request's handling, so that `currentTrack()` finds the helper where `context` is on. */
  run<Result>(followed: FollowedRequest, next: () => Result): Result;
}

/** What the application sees of a request. */
export interface TrackHolder {
  track?: RequestTrack | undefined;
}

/**
 * What adapters are made of: decides what counts as a pageview and who made it. An adapter only translates.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function trackRequests<Request>(
  tracker: Tracker,
  options: TrackingOptions<Request>,
): RequestTracking<Request> {
  return trackWith(() => BrowserSide, tracker, options);
}

/** @param findSide - returns what counts the pages that browsers report; `undefined` as long as nothing takes reports */
export function trackWith<Request>(
  findSide: () => BrowserSideClass | undefined,
  tracker: Tracker,
  options: TrackingOptions<Request>,
): RequestTracking<Request> {
  const port = portOf(tracker);
  const rules = resolveTrackingOptions(options, port);
  const storage = options.context ? openContext() : undefined;
  let browser: BrowserSide<Request> | undefined;
  const findBrowser = (): BrowserSide<Request> | undefined => {
    if (!rules.browser || browser) return browser;
    const Side = findSide();
    if (Side) browser = new Side(rules.browser);
    else if (port.isEnabled) port.reporter.warnOnce('browser', nothingTakesReports);
    return browser;
  };
  const context = { port, rules, lastAnswers: new LastAnswers(), openPages: new OpenPages(), findBrowser };
  let isNodeHidden = false;
  if (port.reporter.isReporting) {
    port.closing.watch('untracked pages', () => watchUntrackedPages(port.reporter, () => isNodeHidden));
  }

  const follow = (exchange: Exchange<Request>): FollowedRequest => {
    const { raw } = exchange;
    const followed = followedRequest(raw);
    // Another mount may have a tracker that is enabled.
    if (!port.isEnabled) return followed ?? unfollowed;
    if (followed) {
      port.reporter.warnOnce(
        'duplicate',
        'the middleware is mounted twice: a request is counted by the first mount only',
      );
      followed.mountedAgain(() => port.intake.skip('duplicate'));
      return followed;
    }
    isNodeHidden ||= exchange.hidesNode === true;
    const visit = new Visit(exchange, context);
    keepFollowed(raw, visit);
    exchange.onEnd((response) => {
      port.reporter.guard(() => visit.end(response));
    });
    return visit;
  };

  return {
    reportPath: rules.browser?.path,
    answer(exchange) {
      const side = findBrowser();
      // Nothing takes reports where the tracker is disabled, and a page must not see an error for that.
      if (!port.isEnabled && side?.isReport(exchange)) return side.answerReport(exchange);
      return side?.answer(exchange);
    },
    follow(exchange, ...holders) {
      const followed = follow(exchange);
      for (const holder of holders) attach(followed.track, holder, port.reporter);
      return followed;
    },
    run: (followed, next) => (storage ? storage.run(followed, next) : next()),
  };
}

const nothingTakesReports =
  'tracking has the option `browser`, but nothing takes the reports: mount browserReports() after your authentication';

export function portOf(tracker: Tracker): AdapterPort {
  const port = (tracker as Partial<Record<typeof adapterPort, AdapterPort>> | undefined)?.[adapterPort];
  if (!port) throw invalidOption('tracker', 'what createTracker returned', tracker);
  return port;
}

function attach(track: RequestTrack, holder: TrackHolder, reporter: Pick<Reporter, 'warnOnce'>): void {
  try {
    holder.track = track;
  } catch {
    reporter.warnOnce(
      'track',
      'the application has a `track` of its own, which cannot be set: use currentTrack() with context: true',
    );
  }
}
