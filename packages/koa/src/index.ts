export * from '@successeve/core';
export { currentTrack } from '@successeve/core/adapter';
export { tracking } from './tracking.js';
