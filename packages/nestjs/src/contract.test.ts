import { join } from 'node:path';
import { scale } from '@successeve/test-scale';
import { describeAdapter, type Flags } from '@successeve/testing/adapter-contract';
import { mountOn } from './test-application.js';
import { platforms } from './test-platforms.js';

/** The other major has its own folder of dependencies. */
const isNewest = process.env.NEST_FOLDER === join(import.meta.dirname, '..');

for (const platform of platforms) {
  const flags: Flags = {
    mountsOnce: 'Nest has one middleware for the whole application',
    ...(platform.isFastify && { readsLastForwarded: 'Fastify believes the proxy that is nearest to it' }),
  };
  describeAdapter(platform.name, mountOn(platform), flags, isNewest ? 'all' : scale('translation', 'all'));
}
