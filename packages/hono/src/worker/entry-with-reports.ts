/** The same for an application that takes reports of browsers. */
export { browserReports, createTracker, currentTrack, tracking } from '../index.js';
