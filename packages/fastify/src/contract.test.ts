import { describeAdapter } from '@successeve/testing/adapter-contract';
import { adapter } from './test-application.js';

describeAdapter('fastify 5', adapter, {
  readsLastForwarded: 'Fastify believes the proxy that is nearest to it',
});
