import { describeAdapter } from '@successeve/adapter-contract';
import { mountOn } from './test-application.js';
import { platforms } from './test-platforms.js';

for (const platform of platforms) {
  describeAdapter(platform.name, mountOn(platform), {
    mountsOnce: 'Nest has one middleware for the whole application',
    ...(platform.isFastify && { readsLastForwarded: 'Fastify believes the proxy that is nearest to it' }),
  });
}
