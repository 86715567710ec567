export type { BullmqOptions } from './options.js';
export type { ListenOptions } from './relay/http-endpoint.js';
export { createRelay, type Relay } from './relay/relay.js';
export type { RelayOptions } from './relay/relay-options.js';
export type { RelayHealth, RelayStats } from './relay/relay-stats.js';
export { type BullmqTransportOptions, bullmqTransport } from './transport/bullmq-transport.js';
