import { createRequire } from 'node:module';
import { join } from 'node:path';
import { TrackingError } from '@successeve/core';
import type { NextConfig } from 'next';

export interface SuccessEveOptions {
  /**
   * Where the relay is, without `basePath`.
   * @defaultValue '/api/successeve'
   */
  relayPath?: string;
}

/** A configuration that is a function, as Next calls it. */
export type ConfigFunction<Config = NextConfig | Promise<NextConfig>> = (
  phase: string,
  context: { defaultConfig: NextConfig },
) => Config;

const packages = ['@successeve/next', '@successeve/core'];
const client = '@successeve/next/client';

/**
 * Adds to Next's configuration what SuccessEve needs: the script that reports navigations inside the browser, and that
 * the packages are not bundled.
 *
 * @throws TrackingError with the code `invalid_options`, saying what was expected and what came; also for
 * `output: 'export'`, since without a server the visitor is unknown.
 */
export function withSuccessEve(nextConfig?: NextConfig, options?: SuccessEveOptions): NextConfig;
export function withSuccessEve(
  nextConfig: ConfigFunction,
  options?: SuccessEveOptions,
): ConfigFunction<Promise<NextConfig>>;
export function withSuccessEve(
  nextConfig: NextConfig | ConfigFunction = {},
  options: SuccessEveOptions = {},
): NextConfig | ConfigFunction<Promise<NextConfig>> {
  const { relayPath = '/api/successeve' } = options;
  if (typeof relayPath !== 'string' || !relayPath.startsWith('/') || relayPath.startsWith('//')) {
    throw new TrackingError(
      'invalid_options',
      `withSuccessEve: relayPath: expected a path such as '/api/successeve', got ${relayPath}`,
    );
  }
  if (typeof nextConfig !== 'function') return extend(nextConfig, relayPath);
  return async (phase, context) => extend(await nextConfig(phase, context), relayPath);
}

function extend(config: NextConfig, relayPath: string): NextConfig {
  if (config.output === 'export') {
    throw new TrackingError(
      'invalid_options',
      "withSuccessEve: output: 'export' has no server, and only a server knows who visits. " +
        "Remove output: 'export', or withSuccessEve.",
    );
  }
  const relay = (config.basePath ?? '') + relayPath + (config.trailingSlash ? '/' : '');
  return {
    ...config,
    env: { ...config.env, SUCCESSEVE_RELAY: relay },
    serverExternalPackages: [...new Set([...(config.serverExternalPackages ?? []), ...packages])],
    ...(canInject() && {
      instrumentationClientInject: [...new Set([...(config.instrumentationClientInject ?? []), client])],
    }),
  };
}

/** Next 16.3 and later. An earlier version warns of the unknown setting at every start. */
function canInject(): boolean {
  const version = nextVersion();
  if (version === undefined) {
    warnOfVersion();
    return true;
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 16 || (major === 16 && minor >= 3);
}

/**
 * The version of the Next that runs: as found from what was started, which is Next itself or a server of the
 * application's; then from the folder it was started in; then from here.
 */
function nextVersion(): string | undefined {
  for (const from of [process.argv[1], join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      if (from) return createRequire(from)('next/package.json').version;
    } catch {
      // Not from there.
    }
  }
  return undefined;
}

let hasWarned = false;

/** The setting does no harm in an older version; without it, a newer one reports nothing. */
function warnOfVersion(): void {
  if (hasWarned) return;
  hasWarned = true;
  console.warn(
    '[successeve] withSuccessEve cannot find out which version of Next runs, and takes it for 16.3 or later. ' +
      'An older one does not know `instrumentationClientInject`: it says so, and needs an instrumentation-client.ts.',
  );
}
