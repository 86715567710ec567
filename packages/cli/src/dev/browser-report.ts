/** How the page and the terminal mark what a browser reported. */
export const reportedByBrowser = 'reported by the browser';

/** Whether what was skipped is a page or an event that a browser reported, by the method that the SDK names for it. */
export function isBrowserReport(method: string): boolean {
  return method === 'SHOW' || method === 'REPORT';
}
