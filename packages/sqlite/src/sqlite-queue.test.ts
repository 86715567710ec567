import { describeQueue, type QueueLimits } from '@successeve/testing/queue-contract';
import { newPath } from '../test/queue-file.js';
import { sqliteQueue } from './index.js';

let options: QueueLimits & { path: string };
describeQueue('the SQLite queue', {
  create(limits) {
    options = { path: newPath(), leaseMs: 200, ...limits } as typeof options;
    return sqliteQueue(options);
  },
  reopen: () => sqliteQueue(options),
  remembersDigests: true,
});
