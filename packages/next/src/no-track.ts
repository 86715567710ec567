import type { RequestTrack } from '@successeve/core/adapter';

const nothing = (): void => {};

/** The helper where nothing is tracked: while the application is built, and on the edge. */
export const noTrack: RequestTrack = {
  event: nothing,
  pageview: nothing,
  contact: nothing,
  account: nothing,
  identify: nothing,
  skip: nothing,
};
