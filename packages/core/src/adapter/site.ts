import type { AdapterPort } from '../tracker/adapter-port.js';
import type { Exchange } from './exchange.js';
import type { TrackingRules } from './options.js';
import { lacksFetchMetadata } from './rules/request-rules.js';
import { forwardedPrefix } from './url/path-prefix.js';
import type { SiteUrl } from './url/read-origin.js';

/** Where the visitor of a request sees the site: by `baseUrl`, or by the framework. */
export function siteOf<Request>(
  exchange: Exchange<Request>,
  { rules, port }: { readonly rules: TrackingRules<Request>; readonly port: AdapterPort },
): SiteUrl | undefined {
  const { reporter } = port;
  if (rules.site) return rules.site;
  return reporter.call('the origin of the request', () => {
    const origin = exchange.origin();
    const protocol = exchange.header('x-forwarded-proto');
    const hint = protocol && !origin?.startsWith(`${protocol}:`) && exchange.proxyHint?.();
    if (hint) reporter.warnOnce('proxy', untrustedProxy(hint));
    // For a developer, in `successeve dev` and the doctor.
    if (reporter.isReporting && origin?.startsWith('http:') && !protocol && lacksFetchMetadata(exchange)) {
      reporter.warnOnce('plain_http', plainHttp);
    }
    return { origin, prefix: forwardedPrefix(exchange) };
  });
}

const plainHttp =
  'browsers send no Sec-Fetch headers to a site on plain http: a page in a frame counts like any page. ' +
  'Leave the paths of frames out with `ignore`, or serve the site by https';

function untrustedProxy(hint: string): string {
  return `a proxy says how the site was reached (X-Forwarded-Proto), but it is not trusted: ${hint}, or set baseUrl`;
}
