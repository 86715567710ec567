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
export type { TrackingModuleExtras, TrackingModuleOptions, TrackingOptionsFactory } from './options.js';
export { SkipTracking } from './skip-tracking.js';
export { Track } from './track.js';
export { type EventDetailsOf, TrackEvent } from './track-event.js';
export { TRACKER, TrackingModule } from './tracking-module.js';
