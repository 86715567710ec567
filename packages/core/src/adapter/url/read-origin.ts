import { describe, TrackingError } from '../../errors.js';

/**
 * Reads an option that is an origin, such as `https://app.example.com`.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came.
 */
export function readOrigin(name: string, value: unknown): string {
  const text = value instanceof URL ? value.href : value;
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`) {
    throw new TrackingError(
      'invalid_options',
      `${name}: expected an origin such as https://app.example.com, got ${url ? 'a URL with more than that' : describe(value)}`,
    );
  }
  return url.origin;
}
