import { describeQueue } from '../../test/queue-contract.js';
import { memoryQueue } from '../queue/memory-queue.js';
import { KnownUpdates } from './known-updates.js';
import { OrderedQueue } from './ordered-queue.js';

describeQueue('a queue in which updates go in order', {
  create: (limits) => new OrderedQueue(memoryQueue(limits), new KnownUpdates(new Map()), () => {}),
});
