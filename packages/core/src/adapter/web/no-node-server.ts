/** No server of Node's is here. */
export function underlyingExchange(): undefined {}

export function watchUntrackedPages(): () => void {
  return () => {};
}
