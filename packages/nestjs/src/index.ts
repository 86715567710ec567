export * from '@successeve/core';
export { currentTrack } from '@successeve/core/adapter';
export type {
  NestBrowserOptions,
  TrackingModuleExtras,
  TrackingModuleOptions,
  TrackingOptionsFactory,
} from './options.js';
export { SkipTracking } from './skip-tracking.js';
export { Track } from './track.js';
export { type EventDetailsOf, TrackEvent } from './track-event.js';
export { TRACKER, TrackingModule } from './tracking-module.js';
