/** All of the package that an application uses, to measure what a bundle has of it. */
export { browserReports, createTracker, currentTrack, tracking } from '../index.js';
