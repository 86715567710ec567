import { type ReportingOptions, startReporting as start } from '@successeve/browser';
import { showsNoPage } from './shows-no-page.js';

export { type EventOptions, event, page, type ReportingOptions } from '@successeve/browser';

/** Set by `withSuccessEve`, and put in place of its name when the application is built. */
const relay = process.env.SUCCESSEVE_RELAY ?? '/api/successeve';

/**
 * Reports to the relay which pages the browser shows. Importing this module starts it. Call it again for other options,
 * and when another visitor has signed in without a reload: reports that still wait are given up then.
 *
 * @param options `path` is where the relay is by default.
 */
export function startReporting({ path = relay, isPage, ...options }: ReportingOptions = {}): void {
  start({ path, isPage: (page) => !showsNoPage() && isPage?.(page) !== false, ...options });
}

/**
 * Next calls it when a navigation begins, where `instrumentation-client.ts` exports it. It does nothing: a page is
 * reported once its URL is shown.
 */
export function onRouterTransitionStart(_url: string, _type: string): void {}

startReporting();
