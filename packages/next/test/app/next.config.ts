import { withSuccessEve } from '@successeve/next/config';
import type { NextConfig } from 'next';

const nextConfig: NextConfig = {
  // Checked with everything else, by tsc.
  typescript: { ignoreBuildErrors: true },
  distDir: process.env.TEST_DIST_DIR ?? '.next',
  cacheComponents: process.env.TEST_CACHE_COMPONENTS === '1',
  ...(process.env.TEST_OUTPUT === 'standalone' && { output: 'standalone' }),
  // As helmet has it: Firefox hides the origin of reports then.
  headers: async () => [{ source: '/:path*', headers: [{ key: 'Referrer-Policy', value: 'no-referrer' }] }],
  redirects: async () => [{ source: '/old', destination: '/static/b', permanent: false }],
};

export default withSuccessEve(nextConfig);
