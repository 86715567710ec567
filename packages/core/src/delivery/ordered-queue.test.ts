import { describeQueue } from '../../test/queue-contract.js';
import { memoryQueue } from '../queue/memory-queue.js';
import { KnownUpdates } from './known-updates.js';
import { ordered } from './ordered-queue.js';

describeQueue('a queue in which updates go in order', {
  create: (limits) => ordered(memoryQueue(limits), new KnownUpdates(new Map()), () => {}),
});
