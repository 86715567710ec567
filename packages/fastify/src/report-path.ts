import { TrackingError } from '@successeve/core';
import type { FastifyInstance } from 'fastify';

const key: unique symbol = Symbol.for('@successeve/fastify/report-path');

/** An application, and those inside it, which inherit the property. */
type TrackedApplication = FastifyInstance & { [key]?: string | undefined };

/** Keeps where browsers report to, for `browserReports()`: by the first `tracking`, which follows the requests. */
export function keepReportPath(fastify: TrackedApplication, path: string | undefined): void {
  fastify[key] ??= path;
}

/**
 * Finds where browsers report to, as a path inside an application and its prefix.
 *
 * @returns `undefined` where `browser` is off.
 * @throws TrackingError with the code `invalid_options` where `tracking` is not registered, or the prefix is another.
 */
export function findReportPath(fastify: TrackedApplication): string | undefined {
  if (!(key in fastify)) {
    throw new TrackingError(
      'invalid_options',
      'browserReports: expected tracking to be registered before it',
    );
  }
  const { [key]: path, prefix } = fastify;
  if (path === undefined || path.startsWith(`${prefix}/`)) return path?.slice(prefix.length);
  throw new TrackingError(
    'invalid_options',
    `browserReports: expected an application whose prefix begins ${path}, the path of reports, got ${prefix}`,
  );
}
