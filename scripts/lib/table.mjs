import { dim } from './paint.mjs';

/** What a terminal shows where it does not say how wide it is. */
const usualWidth = 100;
const gap = '  ';

/**
 * Sets rows of text out in columns, with a heading. Where the terminal is too narrow, the last column is cut.
 *
 * @param {readonly string[]} titles
 * @param {readonly (readonly string[])[]} rows
 * @param {number} [width]
 */
export function table(titles, rows, width = process.stdout.columns || usualWidth) {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => printable(row[column]).length)),
  );
  const line = (/** @type {readonly string[]} */ row) => {
    const cells = row.map((cell, column) => printable(cell).padEnd(widths[column] ?? 0));
    const text = cells.join(gap).trimEnd();
    return text.length > width ? `${text.slice(0, width - 1)}…` : text;
  };
  return { heading: dim(line(titles)), lines: rows.map(line), line };
}

/** What came from a request must not command the terminal. @param {string | undefined} text */
function printable(text = '') {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '\u{fffd}');
}
