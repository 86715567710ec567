/** @typedef {import('./results.mjs').Chart} Chart */

const width = 720;
const labelWidth = 180;
const rowHeight = 26;
const plotWidth = width - labelWidth - 90;

/** Readable on a light page and on a dark one. */
const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .unit { font-size: 11px; fill: #57606a }
  .ours { fill: #1a7f64; stroke: #1a7f64 } .other { fill: #8c959f; stroke: #8c959f }
  .axis { stroke: #8c959f; stroke-width: 1 } polyline.ours, polyline.other { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .unit { fill: #9198a1 } .ours { fill: #3fb68b; stroke: #3fb68b }
  }`;

/**
 * Draws a chart as SVG.
 *
 * @param {string} title
 * @param {Chart} what
 */
export function chart(title, what) {
  const { height, marks } = what.kind === 'bars' ? bars(what) : lines(what);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>${style}
</style>
${marks.join('\n')}
</svg>
`;
}

/** @param {Extract<Chart, { kind: 'bars' }>} what */
function bars({ unit, bars }) {
  const most = Math.max(...bars.map(({ value }) => value));
  const marks = bars.flatMap(({ name, value }, index) => {
    const y = 24 + index * rowHeight;
    const length = Math.max(1, (value / most) * plotWidth);
    return [
      text(labelWidth - 8, y + 15, name, 'text-anchor="end"'),
      `<rect class="${kind(name)}" x="${labelWidth}" y="${y + 3}" width="${length.toFixed(1)}" height="${rowHeight - 8}" stroke="none"/>`,
      text(labelWidth + length + 6, y + 15, short(value)),
    ];
  });
  return {
    height: 30 + bars.length * rowHeight,
    marks: [text(labelWidth, 14, unit, 'class="unit"'), ...marks],
  };
}

/** @param {Extract<Chart, { kind: 'lines' }>} what */
function lines({ unit, xUnit, lines }) {
  const height = 260;
  const bottom = height - 40;
  const points = lines.flatMap((line) => line.points);
  const most = Math.max(...points.map(([, y]) => y));
  const [least = 1, ...rest] = [...new Set(points.map(([x]) => x))].toSorted((a, b) => a - b);
  const decades = Math.log10(rest.at(-1) ?? least) - Math.log10(least) || 1;
  const xOf = (/** @type {number} */ x) =>
    60 + ((Math.log10(x) - Math.log10(least)) / decades) * (width - 260);
  const yOf = (/** @type {number} */ y) => bottom - (y / most) * (bottom - 30);
  const marks = [
    text(60, 16, unit, 'class="unit"'),
    `<path class="axis" fill="none" d="M60 30V${bottom}H${width - 180}"/>`,
    text(52, yOf(most) + 5, short(most), 'text-anchor="end"'),
    text(52, bottom + 4, '0', 'text-anchor="end"'),
    ...[least, ...rest].map((x) => text(xOf(x), bottom + 18, short(x), 'text-anchor="middle"')),
    text((width - 180) / 2, bottom + 34, xUnit, 'class="unit" text-anchor="middle"'),
  ];
  for (const { name, points: path } of lines) {
    const [lastX = 1, lastY = 0] = path.at(-1) ?? [];
    marks.push(
      `<polyline class="${kind(name)}" points="${path.map(([x, y]) => `${xOf(x).toFixed(1)},${yOf(y).toFixed(1)}`).join(' ')}"/>`,
      text(xOf(lastX) + 8, yOf(lastY) + 4, name),
    );
  }
  return { height, marks };
}

/** @param {string} name */
function kind(name) {
  return /ours|tracker|pageview/.test(name) ? 'ours' : 'other';
}

/** @param {number} value */
function short(value) {
  if (value >= 1e6) return `${+(value / 1e6).toFixed(1)}M`;
  if (value >= 1000) return `${+(value / 1000).toFixed(1)}k`;
  return String(+value.toFixed(2));
}

/** @param {number} x @param {number} y @param {string} content @param {string} [attributes] */
function text(x, y, content, attributes = '') {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(content)}</text>`;
}

/** @param {string} value */
function escaped(value) {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
