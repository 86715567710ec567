import { UnderlyingExchange } from './underlying-exchange.js';

export { watchUntrackedPages } from './untracked-pages.js';

/** What Node knows of a request that is shown as the web's own. */
export function underlyingExchange(
  node: ConstructorParameters<typeof UnderlyingExchange>[0],
): UnderlyingExchange | undefined {
  return new UnderlyingExchange(node);
}
