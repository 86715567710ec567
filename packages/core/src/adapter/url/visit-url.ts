import { withPrefix } from './path-prefix.js';
import type { IsSecret } from './secret-params.js';

/** The longest `visit_url`, in characters. From the design. */
const maxLength = 2048;

/**
 * The URL that the visitor saw: the site's origin and the request's own path and query, secrets cut.
 *
 * Never resolved with `new URL(target, origin)`: the target `//evil.example/x` would replace the host.
 *
 * @param target - the request target as it arrived, or as the framework keeps it: `originalUrl`
 * @param prefix - the path under which a proxy shows the application
 * @returns `undefined` for a target that has no path.
 */
export function visitUrl(
  origin: string,
  target: string,
  isSecret: IsSecret,
  prefix: string = '',
): string | undefined {
  const path = pathOf(target);
  return path && shorten(origin + withPrefix(prefix, cutSecrets(path, isSecret)));
}

/**
 * The URL of a page that a browser reports: as {@link visitUrl}, with the fragment in which hash routers keep their
 * route, `#/…` and `#!/…`.
 */
export function reportedUrl(origin: string, page: string, isSecret: IsSecret): string | undefined {
  const path = pathOf(page);
  const route = /#!?\/.*/s.exec(page)?.[0];
  const fragment = route && page.startsWith(route, page.indexOf('#')) ? cutSecrets(route, isSecret) : '';
  return path && shorten(origin + cutSecrets(path, isSecret) + fragment);
}

/** Prepares a URL that the customer passed: no user, no fragment, no secrets. An invalid URL is left for the validation to reject. */
export function cleanUrl(url: string | URL, isSecret: IsSecret): string {
  if (!URL.canParse(String(url))) return String(url);
  const { protocol, host, pathname, search } = new URL(url);
  return shorten(`${protocol}//${host}${cutSecrets(pathname + search, isSecret)}`);
}

/** The path and query of a request target. In absolute form (`GET http://host/x`) it names a host, which is not believed. */
export function pathOf(target: string): string | undefined {
  const path = target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const fragment = path.indexOf('#');
  const withoutFragment = fragment === -1 ? path : path.slice(0, fragment);
  if (withoutFragment.startsWith('/')) return withoutFragment;
  return path !== target ? `/${withoutFragment}` : undefined;
}

/** The path of a request target for a log: a query may be personal. */
export function withoutQuery(target: string): string {
  return pathOf(target)?.split('?', 1)[0] ?? target;
}

const hostPattern = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** The last valid origin, as it came and normalised: a site has few, and every request needs one. */
let lastGiven: string | undefined;
let lastOrigin: string | undefined;

/**
 * The origin of a request by its framework's protocol and host: in small letters, without the protocol's own port.
 *
 * @returns `undefined` for an invalid host.
 */
export function originOf(protocol: string, host: string | undefined): string | undefined {
  const given = `${protocol}://${host}`;
  if (given === lastGiven) return lastOrigin;
  if (!host || !hostPattern.test(host) || !/^https?$/i.test(protocol)) return undefined;
  // The port may still be too high, or the address none.
  if (!URL.canParse(given)) return undefined;
  lastGiven = given;
  lastOrigin = new URL(given).origin;
  return lastOrigin;
}

function cutSecrets(path: string, isSecret: IsSecret): string {
  const start = path.indexOf('?');
  if (start === -1) return path;
  const parameters = path.slice(start + 1).split('&');
  if (!parameters.some((parameter) => isSecretParameter(parameter, isSecret))) return path;
  const kept = parameters.map((parameter) =>
    isSecretParameter(parameter, isSecret) ? parameter.slice(0, parameter.indexOf('=') + 1) : parameter,
  );
  return `${path.slice(0, start)}?${kept.join('&')}`;
}

function isSecretParameter(parameter: string, isSecret: IsSecret): boolean {
  return hasSecretName(parameter, isSecret) || hasUrlWithSecret(parameter, isSecret);
}

function hasSecretName(parameter: string, isSecret: IsSecret): boolean {
  const equals = parameter.indexOf('=');
  return equals !== -1 && isSecret(decode(parameter.slice(0, equals)));
}

const urlAsValue = /^[^=]*=((?:https?(?::|%3a))?(?:\/|%2f).*)/is;

/** Whether a value is a URL that has a secret of its own: `next=%2Fcallback%3Fcode%3D…`. */
function hasUrlWithSecret(parameter: string, isSecret: IsSecret): boolean {
  const url = urlAsValue.exec(parameter)?.[1] ?? '';
  const [, ...parameters] = decode(url).split(/[?&#]/);
  return parameters.some((inner) => hasSecretName(inner, isSecret));
}

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Cuts a URL to its longest, but not in the middle of an escape. */
function shorten(url: string): string {
  return url.length <= maxLength ? url : url.slice(0, maxLength).replace(/%[0-9a-f]?$/i, '');
}
