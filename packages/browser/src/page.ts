import { reporter } from './reporter.js';

/**
 * Shows a page that has no URL of its own, such as a step of a wizard or a view of a router in memory. It counts by the
 * same rules as a page that has one. Without effect before reporting was started.
 *
 * @param path The path and query that the page is recorded with, such as `/checkout/address`.
 */
export function page(path: string): void {
  reporter()?.show(path);
}
