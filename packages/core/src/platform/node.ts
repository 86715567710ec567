export { flushOnExit } from '../runtime/flush-on-exit.js';
export { createHttpClient } from '../transport/http-node.js';
