import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';
import { root } from './repository.mjs';

const usage = `Usage: npm test -- [package...] [--affected] [--full]
  package     core, express, examples/koa, docs: only these, with what they are built of
  --affected  only what the changes since main can break
  --full      what takes long as well`;

/**
 * Reads the arguments of `npm test`.
 *
 * @param {string[]} args
 * @returns {{ filters: string[], isFull: boolean } | { usage: string }} filters for turbo; the usage, if that is asked for
 */
export function readArguments(args) {
  const { values, positionals } = parse(args);
  if (values.help) return { usage };
  const filters = positionals.map((name) => `--filter={./${folderOf(name)}}`);
  if (values.affected) filters.push('--affected');
  return { filters, isFull: values.full };
}

/** @param {string} name */
function folderOf(name) {
  const folders = [`packages/${name}`, `tests/${name}`, name];
  const folder = folders.find((path) => existsSync(join(root, path, 'package.json')));
  if (!folder) throw new Failure(`Unknown package "${name}".\n${usage}`);
  return folder;
}

/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        affected: { type: 'boolean', default: false },
        full: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new Failure(`${/** @type {Error} */ (cause).message}\n${usage}`, { cause });
  }
}
