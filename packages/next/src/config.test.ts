import type { NextConfig } from 'next';
import { describe, expect, it } from 'vitest';
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

  it("refuses output: 'export', which has no server", async () => {
    expect(() => withSuccessEve({ output: 'export' })).toThrow("output: 'export' has no server");
    const configure = withSuccessEve((): NextConfig => ({ output: 'export' }));
    await expect(configure('a-phase', { defaultConfig: {} })).rejects.toThrow(
      "output: 'export' has no server",
    );
  });

  it.each(['api/seen', 'https://evil.example/', '//evil.example', 7])('refuses the relay %j', (relayPath) => {
    expect(() => withSuccessEve({}, { relayPath: relayPath as string })).toThrow(
      'relayPath: expected a path',
    );
  });
});
