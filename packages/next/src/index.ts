export * from '@successeve/core';
export {
  type Contact,
  currentTrack,
  type Identified,
  type Ignore,
  type Page,
  type RequestEventDetails,
  type RequestPageviewDetails,
  type RequestTrack,
  type TrackingOptions,
} from '@successeve/core/adapter';
export { type NextTrackingOptions, registerTracking } from './register-tracking.js';
export { track } from './track.js';
export type { TrackedRequest } from './tracked-request.js';
export { type WithTrack, withTracking } from './with-tracking.js';
