import type { DropReason } from '@successeve/core';
import type { DevReport, NoticeReport, SkipReport } from '@successeve/core/dev';

/** A reason in words. */
export interface Words {
  readonly title: string;
  readonly meaning: string;
  /** What to do if that was not intended. */
  readonly advice: string;
}

export function wordsOf(report: DevReport): Words {
  const reason = 'reason' in report ? report.reason : report.code;
  return find(tables[report.type], reason);
}

export function titleOfReason(reason: string): string {
  return find({ ...drops, ...skips }, reason).title;
}

/** An application may use a newer SDK, with reasons that are unknown here. */
function find(table: Readonly<Record<string, Words>>, reason: string): Words {
  const words = Object.hasOwn(table, reason) ? table[reason] : undefined;
  return (
    words ?? {
      title: reason,
      meaning: 'The application uses a newer SDK than this page knows.',
      advice: 'Update @successeve/cli.',
    }
  );
}

/** Why a request was not counted as a pageview. A reason without words does not compile. */
export const skips: Readonly<Record<SkipReport['reason'], Words>> = {
  method: {
    title: 'Not a GET',
    meaning: 'Only a GET can be a visit to a page. Forms and API calls are not.',
    advice: "To record an action here, call req.track.event('…') in the handler.",
  },
  prefetch: {
    title: 'Fetched ahead of a visit',
    meaning:
      'The browser, or a script, fetched the page ahead of a visit, and marked the request with a header.',
    advice: 'Nothing to do: a visit that asks the server again is counted then.',
  },
  not_a_page: {
    title: 'Not a page',
    meaning:
      'The browser did not ask for a document: it was a fetch, an image, a script, a frame. Without Sec-Fetch headers, Accept has to contain text/html.',
    advice:
      'If your own script shows it as a page, call req.track.pageview({ visitUrl }) in its handler. With curl, add -H "Accept: text/html".',
  },
  left_to_browser: {
    title: 'Left to the browser',
    meaning:
      'Your option browser.documents leaves this document to the browser, which reports the page it shows.',
    advice:
      'Nothing to do where that page follows here. If it does not, the document lacks the script: <script src="/seen.js" defer></script>.',
  },
  ignored: {
    title: 'Ignored by you',
    meaning: 'A rule in the option ignore matches this request.',
    advice:
      'Look at ignore in tracking(): a string matches the beginning of the path, so "/api" also matches "/apiary".',
  },
  consent: {
    title: 'No consent',
    meaning: 'Your function consent did not return true for this request, or threw.',
    advice: 'consent has to return true itself: a promise of true does not count.',
  },
  no_url: {
    title: 'The address of the site is unknown',
    meaning: 'Neither the option baseUrl nor a valid Host header has the host of the site.',
    advice: "Set baseUrl in tracking(), such as baseUrl: 'https://app.example.com'.",
  },
  filtered: {
    title: 'Filtered by you',
    meaning: 'The option pageviews is false, or your function returned false for this page.',
    advice: 'Look at pageviews in tracking(): it is called with { url, request, status }.',
  },
  skipped: {
    title: 'Skipped by the handler',
    meaning: 'Something called req.track.skip() during this request.',
    advice: 'Search your handlers, and what they call, for skip(). In Nest, also for @SkipTracking().',
  },
  bot: {
    title: 'A bot',
    meaning: 'The User-Agent is one of a bot, a monitor or a script. Headless browsers and curl are bots.',
    advice:
      "Visit with an ordinary browser, or give your tests an ordinary User-Agent. To count bots: bots: 'track' in tracking().",
  },
  aborted: {
    title: 'Not sent to the end',
    meaning: 'The visitor left, or the connection broke, before the response was sent completely.',
    advice:
      'If it happens to every page, something destroys the connection: a proxy, a timeout, an error in a stream.',
  },
  status: {
    title: 'Not a status that shows a page',
    meaning:
      'Only a status of 2xx or 304 shows a page, and not 204, 205 or 206. After a redirect, the page at its end counts.',
    advice:
      'Look at the status. A page that is meant to be seen with another status: call req.track.pageview() in its handler.',
  },
  not_html: {
    title: 'Not HTML',
    meaning:
      'The Content-Type of the answer is not HTML, or it is an attachment, so it was not shown as a page. A 304 counts as the last response of the same URL.',
    advice:
      'If it is a page, answer it as text/html. To count it all the same, call req.track.pageview() in its handler.',
  },
  no_contact: {
    title: 'Contact unknown',
    meaning:
      'identify returned no contact, not even after the response was sent. Anonymous visitors are not recorded.',
    advice:
      'If the visitor was signed in, log what identify returns: it has to be { contactUid }. Check the name of the field that your authentication puts on the request.',
  },
  duplicate: {
    title: 'Counted already',
    meaning: 'The middleware is mounted more than once, and another mount has counted this request.',
    advice: 'Mount tracking() once, in the application and not in its routers as well.',
  },
  cross_site: {
    title: 'Reported from elsewhere',
    meaning:
      'The browser reported a page, but Origin or Sec-Fetch-Site show that the report came from another site.',
    advice:
      'If the page is on another origin of yours, list that in browser.origins. Behind a proxy, let it pass the Host on, or set baseUrl. Otherwise the report was rightly rejected.',
  },
  too_large: {
    title: 'Too large a report',
    meaning: 'The report of the browser is longer than 4 KiB: a URL, or an event with its params.',
    advice: 'Shorten the URL of the page, or the params of the event.',
  },
  invalid_report: {
    title: 'Not a report',
    meaning: 'Something was posted to the path of the reports that our script does not send.',
    advice:
      'If the application has a route of its own there, name another path in browser.path. If a middleware changes bodies, mount browserReports() before it.',
  },
  foreign_url: {
    title: 'Not a path of the site',
    meaning: 'The browser reported something other than a path that begins with one slash.',
    advice: "Name paths where you call page(): page('/checkout/address').",
  },
  unlisted_event: {
    title: 'Not an event of the browser',
    meaning: 'The browser reported an event that your option browser.events does not list.',
    advice: 'Add its name to browser.events if browsers may record it.',
  },
  too_many: {
    title: 'Too many reports',
    meaning: 'One contact reported more than 30 pages at once or one a second.',
    advice: 'Look for a loop that writes to the history or calls event().',
  },
  answered: {
    title: 'Answered by the server',
    meaning:
      'The browser reported the first page of a document. The server had answered that document itself, and counted or skipped it then.',
    advice:
      'Nothing to do. If the document was skipped and its page should count, leave it to the browser with browser.documents.',
  },
  not_followed: {
    title: 'Never seen by the middleware',
    meaning: 'The page was sent, but its request did not pass through tracking().',
    advice: 'Mount tracking() before your routes and static files, on the application that serves them.',
  },
};

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
      'Turn on batch: true for up to 100 events a request, track less, or give the queue more room. If nothing is delivered at all, look for the reason first.',
  },
  rejected: {
    title: 'Rejected by the API',
    meaning: 'The API rejected this event for good, while it accepts others.',
    advice: 'Open the rejected request of the same time: it has the reason.',
  },
  before_send: {
    title: 'Dropped by beforeSend',
    meaning: 'Your function beforeSend returned null, or threw.',
    advice: 'If that was not intended, look for an error in it. It has to return the event.',
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

/** The warnings and errors of a tracker. A code without words does not compile. */
export const notices: Readonly<Record<NoticeReport['code'], Words>> = {
  ...drops,
  invalid_options: {
    title: 'An option is wrong',
    meaning: 'An option of createTracker() or tracking() has a value that cannot be used.',
    advice: 'The message has what was expected and what came.',
  },
  misconfigured: {
    title: 'The set-up is wrong',
    meaning:
      'The API rejects every request, so the cause is not a single event. Nothing is dropped, and one request a minute tries again.',
    advice: 'Look at the rejected request for what was wrong: the token, apiUrl, or a proxy in between.',
  },
  unavailable: {
    title: 'No answer from the API',
    meaning:
      'It could not be reached, or answered that it is unavailable. Events wait, and are tried one at a time.',
    advice:
      'If no fault is switched on here, look at the message. Once the API is back, the events are delivered by themselves.',
  },
  queue_failed: {
    title: 'The queue cannot keep events',
    meaning:
      'The file of the queue cannot be written, for example because the disk is full. Events wait in memory.',
    advice: 'Make room on the disk, or check the rights to the file. It is tried again every second.',
  },
  callback_failed: {
    title: 'A function of yours threw',
    meaning:
      'The tracker continues without its result: if it is identify, no contact is known, and neither pages nor events count.',
    advice:
      'Fix the function. To see the error with its stack, pass onError: (error) => console.error(error.cause) to createTracker().',
  },
  internal: {
    title: 'A fault of this library',
    meaning: 'Something in @successeve failed. Your application is not affected.',
    advice: 'Please report it with the stack: onError receives it as error.cause.',
  },
  duplicate: {
    title: 'Mounted twice',
    meaning:
      'A request counts once, for the first mount and its options. identify, ignore and consent of the other have no effect.',
    advice:
      'Mount it once, before all routes and not in routers as well; in Nest, import TrackingModule once, in the root module. With an Express server in front of Next, registerTracking is enough.',
  },
  proxy: {
    title: 'A proxy that is not trusted',
    meaning:
      'A proxy sends the public host, but the framework does not trust it. Recorded URLs may have the inner host.',
    advice: 'Do what the message says for your framework, or set baseUrl in tracking().',
  },
  plain_http: {
    title: 'A site on plain http',
    meaning:
      'Browsers send no Sec-Fetch headers to it, so a page in a frame of Chromium counts like any page, and so may a fetch of HTML.',
    advice:
      'Serve the site by https, or leave the paths of frames out with ignore (https://github.com/successeve/successeve-node/blob/main/docs/pageviews.md#sites-on-plain-http).',
  },
  track: {
    title: 'Another req.track',
    meaning:
      'The application has its own track on its requests, which cannot be replaced. Pages count, but handlers do not find the helper there.',
    advice: 'Find it by currentTrack(), with context: true in the options of the adapter.',
  },
  browser: {
    title: 'Reports of the browser are lost',
    meaning:
      'The option browser of tracking() and browserReports() belong together, and only one of them is there; or something answers the reports before browserReports() does.',
    advice:
      'Set browser in tracking(), and mount browserReports() after your authentication and before a CSRF check.',
  },
  option: {
    title: 'An option that does not exist',
    meaning: 'createTracker() has no option of this name. It has no effect.',
    advice: 'Correct the name: the message lists the options.',
  },
  batch: {
    title: 'No batches',
    meaning:
      'The API answered 404 to a batch. Events go one by one from now on, and cost more of the budget.',
    advice: 'Nothing is lost. If apiUrl has a path, check it.',
  },
};

const tables = { skipped: skips, dropped: drops, warning: notices, error: notices };
