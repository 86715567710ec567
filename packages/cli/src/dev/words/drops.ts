import type { DropReason } from '@successeve/core';
import type { Words } from './words.js';

/** Why an event will never be delivered. A reason without words does not compile. */
export const drops: Readonly<Record<DropReason, Words>> = {
  invalid: {
    title: 'Not valid',
    meaning: 'The call was not valid, and nothing was sent.',
    advice:
      'The message says what was expected and what came. With strict: true in your tests, the call throws instead.',
  },
  queue_full: {
    title: 'The queue was full',
    meaning:
      'More was tracked than could be delivered, until there was no room left. The oldest pageview goes first.',
    advice:
      'Turn on batch: true for up to 100 events a request, track less, or give the queue more room. Look why nothing is delivered, if nothing is.',
  },
  rejected: {
    title: 'Rejected by the API',
    meaning: 'The API rejected this event for good, while it accepts others.',
    advice: 'Open the rejected request of the same time: it has the reason.',
  },
  before_send: {
    title: 'Dropped by beforeSend',
    meaning: 'Your function beforeSend returned null, or threw.',
    advice: 'If that was not meant, look there first for an error. It has to return the event.',
  },
  no_contact: {
    title: 'Contact unknown',
    meaning:
      'It was tracked in a request, and identify knew no contact by its end; or it was tracked outside of any request.',
    advice:
      'Call req.track.identify({ contactUid }) in the handler of the sign-in. Outside of requests, use tracker.event() with a contactUid.',
  },
  consent: {
    title: 'No consent',
    meaning: 'Your function consent did not return true for the request in which it was tracked.',
    advice: 'consent has to return true itself: a promise of true does not count.',
  },
  closed: {
    title: 'The tracker was closed',
    meaning: 'It was tracked after close(), or could not be delivered before its time was up.',
    advice:
      'Close the tracker last, when your server takes no more requests. A queue on disk keeps what is left: @successeve/sqlite.',
  },
};
