export { currentTrack } from './adapter/context.js';
export type { Identified } from './adapter/identity.js';
export type { Page, TrackingOptions } from './adapter/options.js';
export type {
  Contact,
  RequestEventDetails,
  RequestPageviewDetails,
  RequestTrack,
} from './adapter/request-track.js';
export type { Ignore } from './adapter/rules/request-patterns.js';
export { type FollowedTrack, type RequestTracking, trackRequests } from './adapter/track-requests.js';
export { originOf, pathOf } from './adapter/url/visit-url.js';
export type { Exchange } from './adapter/visit.js';
export { describe, invalidOption } from './errors.js';
