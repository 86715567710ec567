import { type ReportingOptions, reporter } from './reporter.js';

export type { ReportingOptions };

/**
 * Reports to the server which pages the browser shows, whatever router shows them. Call it once, where the application
 * starts. On a server it does nothing.
 *
 * Call it again when another visitor signs in without a reload: reports that still wait are given up then. An
 * application with `headers` need not: there, other headers mean another visitor.
 */
export function startReporting(options: ReportingOptions = {}): void {
  reporter()?.start(options);
}

/**
 * Shows a page that has no URL of its own, such as a step of a wizard or a view of a router in memory. It counts by the
 * same rules as one that has. Has no effect before `startReporting`.
 *
 * @param path What the page is to be called, such as `/checkout/address`.
 */
export function page(path: string): void {
  reporter()?.show?.(path);
}
