export type { SqliteQueueOptions } from './options.js';
export { sqliteQueue } from './sqlite-queue.js';
