/** What React keeps of an element, as far as we look. */
interface Fiber {
  return?: Fiber;
  stateNode?: { state?: { triggeredStatus?: number } | null } | null;
}

/**
 * Whether Next shows `notFound()`, `forbidden()` or `unauthorized()`, which it answers with 200 to its router. Next writes
 * a robots tag, as pages may too; so this asks React whether it comes from the boundary that shows such errors.
 */
export function showsNoPage(): boolean {
  for (const meta of document.querySelectorAll('meta[name=robots][content=noindex]')) {
    const key = Object.keys(meta).find((name) => name.startsWith('__reactFiber$'));
    let fiber = (meta as unknown as Record<string, Fiber | undefined>)[key ?? ''];
    for (; fiber; fiber = fiber.return) if (fiber.stateNode?.state?.triggeredStatus) return true;
  }
  return false;
}
