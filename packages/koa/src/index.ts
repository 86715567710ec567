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
export { tracking } from './tracking.js';
