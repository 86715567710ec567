export * from '@successeve/core';
export { currentTrack } from '@successeve/core/adapter';
export { browserReports } from './browser-reports.js';
export type { TrackingPluginOptions } from './options.js';
export { tracking } from './tracking.js';
