import type { Tracker } from '../../tracker/tracker.js';
import { portOf } from '../track-requests.js';

/** Warns, once, where browsers report pages of another origin than requests come for: a proxy hides the public one. */
export function warnOfHiddenOrigin(tracker: Tracker, reported: string, seen = 'no host'): void {
  portOf(tracker).warnOnce(
    'proxy',
    `browsers report pages of ${reported}, but requests come for ${seen}, and such a report is not trusted: ` +
      'let your proxy pass Host or X-Forwarded-Host on, or set baseUrl',
  );
}
