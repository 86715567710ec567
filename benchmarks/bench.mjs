// Everything that is measured, in one go. See README.md.
import { parseArgs } from 'node:util';
import { printResult } from './lib/print.mjs';
import { writeReport } from './lib/report.mjs';
import { suites } from './suites/index.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(suites);
const unknown = names.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`There is no suite ${unknown.join(', ')}. Suites: ${Object.keys(suites).join(', ')}`);
  process.exit(2);
}

const say = (/** @type {string} */ line) => process.stderr.write(`  ${line}\n`);
const results = [];
for (const name of names) {
  process.stderr.write(`${name}\n`);
  const found = await suites[name]?.({ isQuick: values.quick, say });
  for (const result of found ?? []) {
    printResult(result);
    results.push(result);
  }
}
if (values.write) await writeReport(results);
