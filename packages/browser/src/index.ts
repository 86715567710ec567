export { type EventOptions, event } from './event.js';
export { page, type ReportingOptions, startReporting } from './reporting.js';
