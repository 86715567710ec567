export { currentTrack } from './context.js';
export type { Identified } from './identity.js';
export type { Ignore, Page, TrackingOptions } from './options.js';
export type {
  Contact,
  RequestEventDetails,
  RequestPageviewDetails,
  RequestTrack,
} from './request-track.js';
export { type FollowedTrack, type RequestTracking, trackRequests } from './track-requests.js';
export { originOf, pathOf } from './url/visit-url.js';
export type { Exchange } from './visit.js';
