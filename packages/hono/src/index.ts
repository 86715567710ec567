export * from '@successeve/core';
export { currentTrack } from '@successeve/core/adapter';
export { browserReports } from './browser-reports.js';
export { tracking } from './tracking.js';
