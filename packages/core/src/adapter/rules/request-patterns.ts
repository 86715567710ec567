import { invalidOption, wrongOption } from '../../errors.js';
import type { Reporter } from '../../reporting/reporter.js';
import { pathOf } from '../url/visit-url.js';
import { yesOrNo } from './yes-or-no.js';

/** Requests to match: a prefix of the path, such as `/admin`, a pattern for path and query, or a function. */
export type Ignore<Request> = string | RegExp | ((request: Request) => boolean);

/** A list of {@link Ignore} that was checked. */
export interface RequestPatterns<Request> {
  /** Whether a prefix or a pattern matches the target of a request. */
  matchTarget(target: string): boolean;
  /** Whether one of them matches, or one of the functions returns true for the request. */
  match(request: Request, target: string): boolean;
}

export function requestPatterns<Request>(
  name: string,
  patterns: readonly Ignore<Request>[],
  reporter: Pick<Reporter, 'call' | 'error'>,
): RequestPatterns<Request> {
  if (!Array.isArray(patterns)) throw invalidOption(name, 'an array', patterns);
  const ofTarget: (string | RegExp)[] = [];
  const ofRequest: ((request: Request) => unknown)[] = [];
  for (const [index, pattern] of patterns.entries()) {
    const item = `${name}[${index}]`;
    if (typeof pattern === 'function') ofRequest.push(yesOrNo(item, pattern, reporter));
    else ofTarget.push(readPattern(item, pattern));
  }
  const matchTarget = (target: string): boolean => {
    if (ofTarget.length === 0) return false;
    const path = pathOf(target) ?? target;
    return ofTarget.some((pattern) => {
      if (typeof pattern === 'string') return path.startsWith(pattern);
      // `search` ignores the flag `g` and `lastIndex`.
      return path.search(pattern) !== -1;
    });
  };
  return {
    matchTarget,
    match: (request, target) => matchTarget(target) || ofRequest.some((asks) => asks(request) === true),
  };
}

function readPattern(name: string, pattern: unknown): string | RegExp {
  if (pattern instanceof RegExp) return pattern;
  if (typeof pattern !== 'string') throw invalidOption(name, 'a string, a RegExp or a function', pattern);
  if (pattern.startsWith('/')) return pattern;
  throw wrongOption(name, 'a path that starts with a slash', JSON.stringify(pattern));
}
