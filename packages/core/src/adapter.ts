export type { BrowserOptions } from './adapter/browser/options.js';
export { sendAnswer } from './adapter/browser/send-answer.js';
export type { TakeReport } from './adapter/browser/take-report.js';
export type { WebAnswer } from './adapter/browser/web-answer.js';
export { currentTrack } from './adapter/context.js';
export type { Exchange } from './adapter/exchange.js';
export type { Identified } from './adapter/identity.js';
export type { Page, TrackingOptions } from './adapter/options.js';
export type { RequestEventDetails, RequestPageviewDetails, RequestTrack } from './adapter/request-track.js';
export type { Ignore } from './adapter/rules/request-patterns.js';
export {
  type FollowedTrack,
  findReport,
  type RequestTracking,
  trackRequests,
} from './adapter/track-requests.js';
export { originOf, pathOf } from './adapter/url/visit-url.js';
export { describe, invalidOption } from './errors.js';
export type { Contact } from './event/contact.js';
