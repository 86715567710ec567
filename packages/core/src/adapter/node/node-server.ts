export { underlyingExchange } from './underlying-exchange.js';
export { watchUntrackedPages } from './untracked-pages.js';
