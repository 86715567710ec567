/** No server of Node's is here. */
export function nodeBelow(): undefined {}

export function watchUntrackedPages(): () => void {
  return () => {};
}
