/** Where a bundler names no runtime: it may be Node, so whether a process can end is found out as it runs. */
export { flushOnExit } from '../runtime/flush-on-exit.js';
export { createHttpClient } from '../transport/http-fetch.js';
