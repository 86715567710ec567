import type { NextConfig } from 'next';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withSuccessEve } from './config.js';

describe('withSuccessEve', () => {
  it('adds the script, the relay and the packages, and keeps what is there', () => {
    const config: NextConfig = {
      basePath: '/shop',
      trailingSlash: true,
      env: { REGION: 'eu' },
      serverExternalPackages: ['sharp', '@successeve/core'],
      instrumentationClientInject: ['./mine.ts'],
    };
    expect(withSuccessEve(config, { relayPath: '/api/seen' })).toEqual({
      ...config,
      env: { REGION: 'eu', SUCCESSEVE_RELAY: '/shop/api/seen/' },
      serverExternalPackages: ['sharp', '@successeve/core', '@successeve/next'],
      instrumentationClientInject: ['./mine.ts', '@successeve/next/client'],
    });
  });

  it('needs no configuration', () => {
    expect(withSuccessEve()).toMatchObject({ env: { SUCCESSEVE_RELAY: '/api/successeve' } });
  });

  it('adds everything once where it is called twice', () => {
    expect(withSuccessEve(withSuccessEve({}))).toEqual(withSuccessEve({}));
  });

  it('takes a configuration that is a function, asynchronous or not', async () => {
    const configure = withSuccessEve(async (phase: string) => ({ distDir: phase }));
    expect(await configure('a-phase', { defaultConfig: {} })).toEqual({
      ...withSuccessEve({}),
      distDir: 'a-phase',
    });
  });

  it("throws for output: 'export', which has no server", async () => {
    expect(() => withSuccessEve({ output: 'export' })).toThrow("output: 'export' has no server");
    const configure = withSuccessEve((): NextConfig => ({ output: 'export' }));
    await expect(configure('a-phase', { defaultConfig: {} })).rejects.toThrow(
      "output: 'export' has no server",
    );
  });

  it.each(['api/seen', 'https://evil.example/', '//evil.example', 7])(
    'throws for the relay %j',
    (relayPath) => {
      expect(() => withSuccessEve({}, { relayPath: relayPath as string })).toThrow(
        expect.objectContaining({
          code: 'invalid_options',
          message: expect.stringContaining('relayPath: expected a path'),
        }),
      );
    },
  );
});

describe('the version of Next', () => {
  /** The configuration where Next is found from these places, and in these versions. */
  async function configure(versions: (from: string) => string | undefined): Promise<() => NextConfig> {
    vi.resetModules();
    vi.doMock('node:module', () => ({
      createRequire: (from: string) => () => {
        const version = versions(from);
        if (version === undefined) throw new Error("Cannot find module 'next/package.json'");
        return { version };
      },
    }));
    const { withSuccessEve } = await import('./config.js');
    return () => withSuccessEve({});
  }

  const script = { instrumentationClientInject: ['@successeve/next/client'] };

  afterEach(() => {
    vi.doUnmock('node:module');
    vi.restoreAllMocks();
  });

  it.each([
    ['15.3.0', {}],
    ['16.2.9', {}],
    ['16.3.0-canary.5', script],
    ['17.0.0', script],
  ])('decides whether the script can be added by configuration: %s', async (version, added) => {
    const { instrumentationClientInject } = (await configure(() => version))();
    expect({ ...(instrumentationClientInject && { instrumentationClientInject }) }).toEqual(added);
  });

  it('is that of what was started, not of the current folder', async () => {
    const configured = await configure((from) => (from === process.argv[1] ? '16.3.0' : '15.3.0'));
    expect(configured()).toMatchObject(script);
  });

  it('is taken for a current one where it cannot be found, and a warning says so once', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const configured = await configure(() => undefined);
    expect(configured()).toMatchObject(script);
    configured();
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining('cannot find out which version of Next runs')],
    ]);
  });
});
