/** @param {readonly number[]} numbers */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/**
 * A median with the least and the most: these machines are noisy, and a reader has to see how much.
 *
 * @param {readonly number[]} numbers
 * @param {(number: number) => string} format
 */
export function spread(numbers, format) {
  if (numbers.length === 1) return format(median(numbers));
  return `${format(median(numbers))} (${format(Math.min(...numbers))}–${format(Math.max(...numbers))})`;
}

/** @param {number} digits */
export const fixed = (digits) => (/** @type {number} */ number) => number.toFixed(digits);

/** Such as `13.6k`. @param {number} number */
export function thousands(number) {
  if (number >= 1e6) return `${(number / 1e6).toFixed(1)}M`;
  return number >= 1000 ? `${(number / 1000).toFixed(1)}k` : number.toFixed(0);
}
