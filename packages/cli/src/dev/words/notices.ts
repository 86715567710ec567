import type { NoticeReport } from '@successeve/core/dev';
import { drops } from './drops.js';
import type { Words } from './words.js';

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
      'The API rejects every request, so the fault is not in a single event. Nothing is dropped; one request a minute tries again.',
    advice: 'Look at the rejected request for what was wrong: the token, apiUrl, or a proxy in between.',
  },
  unavailable: {
    title: 'No answer from the API',
    meaning:
      'It could not be reached, or answered that it cannot serve now. Events wait, and one after the other is tried.',
    advice:
      'If no fault is switched on here, look at the message. The first events after that are delivered by themselves.',
  },
  queue_failed: {
    title: 'The queue cannot keep events',
    meaning:
      'The file of the queue cannot be written, for instance because the disk is full. Events wait in memory.',
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
    meaning: 'Something in @successeve failed. Your application is untouched.',
    advice: 'Please report it with the stack: onError is given it as error.cause.',
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
      'The application has a track of its own on its requests, which cannot be set. Pages count; handlers do not find our helper there.',
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
    advice: 'Correct the name: the message lists those that there are.',
  },
  batch: {
    title: 'No batches',
    meaning:
      'The API answered 404 to a batch. Events go one by one from now on, and cost more of the budget.',
    advice: 'Nothing is lost. If apiUrl has a path, check it.',
  },
};
