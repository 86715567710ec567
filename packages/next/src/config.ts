import { createRequire } from 'node:module';
import { join } from 'node:path';
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
 * @throws Error for `output: 'export'`: without a server nobody can be told who visits.
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
    throw new Error(`withSuccessEve: relayPath: expected a path such as '/api/successeve', got ${relayPath}`);
  }
  if (typeof nextConfig !== 'function') return extend(nextConfig, relayPath);
  return async (phase, context) => extend(await nextConfig(phase, context), relayPath);
}

function extend(config: NextConfig, relayPath: string): NextConfig {
  if (config.output === 'export') {
    throw new Error(
      "withSuccessEve: output: 'export' has no server, and it is the server that knows who visits. " +
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

/** Next 16.3 and later. A former one does not know the setting, and says so at every start. */
function canInject(): boolean {
  const { version }: { version: string } = createRequire(join(process.cwd(), 'package.json'))(
    'next/package.json',
  );
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 16 || (major === 16 && minor >= 3);
}
