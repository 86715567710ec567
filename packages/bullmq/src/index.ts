export type { QueueOptions } from './options.js';
export type { ListenOptions } from './relay/http-endpoint.js';
export type { Log, LogEntry } from './relay/log.js';
export { createRelay, type Relay } from './relay/relay.js';
export type { RelayOptions } from './relay/relay-options.js';
export type { RelayHealth, RelayStats } from './relay/relay-stats.js';
export { bullmqTransport } from './transport/bullmq-transport.js';
