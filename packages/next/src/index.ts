export * from '@successeve/core';
export { currentTrack } from '@successeve/core/adapter';
export { type NextTrackingOptions, registerTracking } from './register-tracking.js';
export { track } from './track.js';
export type { TrackedRequest } from './tracked-request.js';
export { type WithTrack, withTracking } from './with-tracking.js';
