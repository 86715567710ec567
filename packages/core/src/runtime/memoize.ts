/** Most results that are kept: more than are common, and too few to need much memory. */
const maxKept = 500;

/** Keeps the results of a function of a text: the same few browsers and query parameters come with every visit. */
export function memoize<Result>(compute: (text: string) => Result): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    const kept = results.get(text);
    if (kept !== undefined) return kept;
    const result = compute(text);
    if (results.size === maxKept) results.clear();
    results.set(text, result);
    return result;
  };
}
