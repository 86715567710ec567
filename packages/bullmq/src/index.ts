export { bullmqTransport } from './bullmq-transport.js';
export type { ListenOptions } from './http-endpoint.js';
export type { Log, LogEntry } from './log.js';
export type { QueueOptions } from './options.js';
export { createRelay, type Relay } from './relay.js';
export type { RelayOptions } from './relay-options.js';
export type { RelayHealth, RelayStats } from './relay-stats.js';
