import { BrowserSide } from '../browser/browser-side.js';
import { mountBrowserSide } from '../browser/mounted-browser-side.js';
import { findReport } from '../followed-request.js';
import { webResponse } from './web-response.js';

/**
 * Answers a request that is a browser's report; `undefined` where it is not one.
 *
 * @param raw - the request as `WebExchange` was given it: the `Request`, or what was passed as `raw`
 * @param readParsed - returns the body where another middleware has read it
 */
export type AnswerWebReport = (
  raw: object,
  readParsed?: () => Promise<unknown>,
) => Promise<Response> | undefined;

/**
 * Takes what browsers report, where `trackWebRequests` has the option `browser`. Call it once, when the application is
 * set up: a bundle has what counts reports only where this is used.
 */
export function webReports(): AnswerWebReport {
  mountBrowserSide(BrowserSide);
  return (raw, readParsed = async () => undefined) => {
    const take = findReport(raw);
    return take && readParsed().then(take).then(webResponse);
  };
}
