import { checkEventName, type ExpectedDetails, readDetails } from './expected.js';
import { find, type MatcherContext, type MatcherResult } from './failure.js';
import { readPage } from './page.js';
import { readRecording } from './recording.js';

/** The matchers, as `expect.extend` of vitest and of jest takes them. */
export const matchers = {
  toHaveTracked(
    this: MatcherContext,
    subject: unknown,
    eventUid: unknown,
    details?: ExpectedDetails,
  ): MatcherResult {
    checkEventName(eventUid);
    return find(this, readRecording(subject), {
      matcher: 'toHaveTracked',
      kind: 'event',
      shown: eventUid,
      details: readDetails(details),
      isOf: (event) => event.eventUid === eventUid,
      nameOf: (event) => event.eventUid,
    });
  },

  toHavePageview(
    this: MatcherContext,
    subject: unknown,
    page: unknown,
    details?: ExpectedDetails,
  ): MatcherResult {
    const { shown, isOf, partOf } = readPage(page);
    return find(this, readRecording(subject), {
      matcher: 'toHavePageview',
      kind: 'pageview',
      shown,
      details: readDetails(details),
      isOf: ({ visitUrl }) => visitUrl !== undefined && isOf(visitUrl),
      nameOf: ({ visitUrl = '' }) => partOf(visitUrl),
    });
  },
};
