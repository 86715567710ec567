import { currentTrack, noTrack, type RequestTrack } from '@successeve/core/adapter';
import { shared } from './shared.js';
import { warnUnlessRegistered } from './warn-unless-registered.js';

/**
 * The helper of the request that is being handled, anywhere on the server: proxy, route handlers, server components,
 * server actions, Pages API, `getServerSideProps`.
 *
 * Outside of a request there is no contact: what is tracked there is dropped with the reason `no_contact`.
 */
export function track(): RequestTrack {
  const track = currentTrack() ?? shared.registration?.outside;
  if (!track) warnUnlessRegistered();
  return track ?? noTrack;
}
