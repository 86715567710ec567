import { scale } from '@successeve/test-scale';
import { describe, it } from 'vitest';
import { checkAgainstModel } from '../../test/queue-model.js';
import { memoryQueue } from './memory-queue.js';

describe('the memory queue does what its model does, for any interleaving of calls,', () => {
  it.each([
    { maxEvents: 8, maxBytes: 10_000 },
    { maxEvents: 1000, maxBytes: 150 },
    { maxEvents: 600, maxBytes: 10_000 },
  ])('within %j', { timeout: 30_000 }, async (limits) => {
    await checkAgainstModel(() => ({ create: () => memoryQueue(limits), limits }), scale(70, 200));
  });
});
