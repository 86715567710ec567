export { type RetryOptions, resolveRetryOptions } from './delivery/backoff.js';
export { type ApiOptions, type ResolvedApiOptions, resolveApiOptions } from './transport/api-options.js';
export { type PingResult, ping } from './transport/ping.js';
