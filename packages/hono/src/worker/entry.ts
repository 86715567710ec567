/** What every application uses of the package, to measure what a bundle has of it. */
export { createTracker, currentTrack, tracking } from '../index.js';
