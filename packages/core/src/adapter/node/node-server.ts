import { NodeBelow } from './node-below.js';

export { watchUntrackedPages } from './untracked-pages.js';

/** What Node knows of a request that is shown as the web's own. */
export function nodeBelow(node: ConstructorParameters<typeof NodeBelow>[0]): NodeBelow | undefined {
  return new NodeBelow(node);
}
