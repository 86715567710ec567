import { withSuccessEve } from '@successeve/next/config';
import type { NextConfig } from 'next';

const nextConfig: NextConfig = {
  // Checked with everything else, by tsc.
  typescript: { ignoreBuildErrors: true },
  distDir: process.env.TEST_DIST_DIR ?? '.next',
  basePath: '/shop',
  trailingSlash: true,
  ...(process.env.TEST_OUTPUT === 'standalone' && { output: 'standalone' }),
};

export default withSuccessEve(async () => nextConfig, { relayPath: '/api/seen' });
