export type { BrowserOptions } from './adapter/browser/options.js';
export type { TakeReport } from './adapter/browser/report-recorder.js';
export type { WebAnswer } from './adapter/browser/web-answer.js';
export { currentRequest, currentTrack, enterContext } from './adapter/context.js';
export type { EndedResponse, Exchange, RequestHead, ResponseHead } from './adapter/exchange.js';
export {
  type FollowedRequest,
  findReport,
  followedRequest,
  noTrack,
} from './adapter/followed-request.js';
export type { Identified } from './adapter/identity.js';
export { trackWithoutRequest } from './adapter/no-request.js';
export { NodeExchange } from './adapter/node/node-exchange.js';
export { sendAnswer } from './adapter/node/send-answer.js';
export type { Page, TrackingOptions } from './adapter/options.js';
export type { RequestEventDetails, RequestPageviewDetails, RequestTrack } from './adapter/request-track.js';
export type { Ignore } from './adapter/rules/request-patterns.js';
export { type RequestTracking, type TrackHolder, trackRequests } from './adapter/track-requests.js';
export { originOf, pathOf } from './adapter/url/visit-url.js';
export { trackWebRequests, type WebTracking } from './adapter/web/track-web-requests.js';
export { WebExchange, type WebPlatform } from './adapter/web/web-exchange.js';
export { type AnswerWebReport, webReports } from './adapter/web/web-reports.js';
export { describe, invalidOption, wrongOption } from './errors.js';
export type { Contact } from './event/contact.js';
