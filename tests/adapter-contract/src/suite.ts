import type { AdapterUnderTest, Flags } from './adapter.js';
import type { Open } from './site.js';

/** What the promises are made of. */
export interface Suite<Request> extends Pick<AdapterUnderTest<Request>, 'rawOf' | 'userOf'> {
  readonly open: Open<Request>;
  readonly flags: Flags;
}

/** A test that is left out says why. */
export function because(reason: string | undefined): string {
  return reason ? ` (not here: ${reason})` : '';
}
