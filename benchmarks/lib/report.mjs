import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { chart } from './chart.mjs';
import { canPin } from './processes.mjs';

const folder = join(import.meta.dirname, '../results');

/** What the report names the version of. */
const named = [
  'posthog-node',
  '@segment/analytics-node',
  'mixpanel',
  'express',
  'koa',
  'fastify',
  'hono',
  '@nestjs/core',
];

/**
 * Writes what was found out below `results/`: a Markdown report, and a drawing for every chart.
 *
 * @param {readonly import('./results.mjs').Result[]} results
 */
export async function writeReport(results) {
  await mkdir(folder, { recursive: true });
  const parts = [await preface()];
  for (const result of results) {
    parts.push(`## ${result.title}\n\n${result.explanation}\n\n${markdownTable(result)}`);
    if (!result.chart) continue;
    const file = `${slug(result.title)}.svg`;
    await writeFile(join(folder, file), chart(result.title, result.chart));
    parts.push(`![${result.title}](${file})`);
  }
  await writeFile(join(folder, 'README.md'), `${parts.join('\n\n')}\n`);
}

async function preface() {
  const versions = await Promise.all(named.map(async (name) => `${name} ${await versionOf(name)}`));
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB`;
  const date = new Date().toISOString().slice(0, 10);
  return `# Measured side by side

${date}, Node ${process.version}, ${machine}. ${versions.join(', ')}. ${canPin ? 'What is measured has one core, the load and the collector have the other.' : 'The processes were not tied to cores.'}

Medians, with the least and the most of all rounds. Every event has an id of its own and is counted where it arrives. Machines differ and are noisy: look at the ratios within a table, not at the figures. \`pnpm bench --write\` makes this page.`;
}

/** @param {string} name */
async function versionOf(name) {
  const require = createRequire(import.meta.url);
  // Not all of them export their package.json.
  for (let path = dirname(require.resolve(name)); ; path = dirname(path)) {
    const found = await readFile(join(path, 'package.json'), 'utf8').then(JSON.parse, () => ({}));
    if (found.name === name) return found.version;
    if (path === dirname(path)) return '?';
  }
}

/** @param {import('./results.mjs').Result} result */
function markdownTable({ columns, rows }) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, index) => (index === 0 ? '---' : '---:'));
  return [columns, rule, ...rows].map(line).join('\n');
}

/** @param {string} title */
function slug(title) {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
