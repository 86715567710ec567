import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { installed } from '../lib/installed.mjs';
import { cores, pinned } from '../lib/processes.mjs';
import { alternate } from '../lib/results.mjs';
import { fixed, spread } from '../lib/statistics.mjs';

/** The package of each. @type {Record<string, string>} */
const packages = {
  'ours, single': '@successeve/core',
  'posthog, default': 'posthog-node',
  'segment, default': '@segment/analytics-node',
  'mixpanel, single': 'mixpanel',
};
const names = ['an empty file', ...Object.keys(packages)];
const workload = join(import.meta.dirname, '../workloads/start.mjs');

/** @type {import('../lib/results.mjs').Suite} */
export async function start({ isQuick }) {
  const measured = await alternate(names, isQuick ? 2 : 15, async (name) => {
    const [command = '', ...args] = pinned(cores.measured, [
      process.execPath,
      workload,
      JSON.stringify({ name }),
    ]);
    return Number(execFileSync(command, args));
  });
  return [
    {
      title: 'The start',
      explanation:
        'Milliseconds to import and create, each time in a new process; what an installation takes of the disk, and how many packages it is.',
      columns: ['', 'import and create, ms', 'kB installed', 'packages'],
      rows: names.map((name) => {
        const { packages: count, bytes } = packages[name]
          ? installed(packages[name])
          : { packages: 0, bytes: 0 };
        return [
          name,
          spread(measured.get(name) ?? [], fixed(1)),
          count ? fixed(0)(bytes / 1000) : '',
          count ? String(count) : '',
        ];
      }),
    },
    clientPiece(),
  ];
}

/** What the adapter for Next adds to each page. @returns {import('../lib/results.mjs').Result} */
function clientPiece() {
  const file = createRequire(import.meta.url).resolve('@successeve/next/client');
  const code = readFileSync(file);
  return {
    title: 'The client piece of the adapter for Next',
    explanation: 'What each page loads of it.',
    columns: ['', 'bytes', 'gzipped'],
    rows: [['@successeve/next/client', String(code.length), String(gzipSync(code).length)]],
  };
}
