import type { SkipReport } from '@successeve/core/dev';
import type { Words } from './words.js';

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
      'The browser, or a script, fetched the page ahead of a visit, and marked the request as that in a header.',
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
      'If every page ends so, something destroys the connection: a proxy, a timeout, an error in a stream.',
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
