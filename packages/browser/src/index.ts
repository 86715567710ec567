export { type EventOptions, event } from './event.js';
export { page } from './page.js';
export { type ReportingOptions, startReporting } from './start-reporting.js';
