import type { Page, Request } from 'playwright-core';
import type { Visitor } from '../visitor.js';

/** What a visitor does with a browser, and the pageviews that must result. */
export interface Scenario {
  readonly name: string;
  /** `contact path` of each, in order; the contact is left out where it is the visitor's own. */
  readonly pageviews: readonly string[];
  act(visitor: Visitor): Promise<void>;
  /**
   * What comes of it where a page has begun to stream, with the status 200, before it redirects or is not found: the
   * server cannot know any more.
   */
  readonly streamed?: readonly string[];
  /** Whether it goes back, which browsers do with a back-forward cache and without. */
  readonly goesBack?: true;
  /** Whether a short run does it too: those in which development and production differ. */
  readonly isBrief?: true;
}

export function isPrefetch(request: Request): boolean {
  return request.headers().rsc === '1';
}

/** Waits until the links in view have been fetched ahead. */
export async function prefetched(page: Page, ...paths: string[]): Promise<void> {
  await Promise.all(
    paths.map((path) =>
      page.waitForResponse(
        (response) => isPrefetch(response.request()) && new URL(response.url()).pathname === path,
      ),
    ),
  );
}

/** Waits for the answer to a request that `act` leads to. */
export async function answered(
  page: Page,
  matches: (request: Request) => boolean,
  act: () => Promise<unknown>,
): Promise<void> {
  await Promise.all([page.waitForResponse((response) => matches(response.request())), act()]);
}
