export { type PingResult, ping } from './transport/ping.js';
