/**
 * Prints a table as plain text.
 *
 * @param {import('./results.mjs').Result} result
 */
export function printResult({ title, explanation, columns, rows }) {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ');
  console.log(`\n${title}\n${explanation}\n`);
  for (const row of [columns, ...rows]) console.log(line(row));
}
