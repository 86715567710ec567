/** Whether the document is prerendered: not even its requests count as the visitor's. */
export const isPrerendering = (): boolean | undefined =>
  (document as { readonly prerendering?: boolean }).prerendering;

/** Calls `onChange` when the document is hidden, shown, left, or activated after it was prerendered. */
export function watchVisibility(onChange: () => void): void {
  for (const type of ['visibilitychange', 'prerenderingchange']) document.addEventListener(type, onChange);
}
