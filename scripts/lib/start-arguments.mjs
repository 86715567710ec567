import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';
import { exampleNames } from './repository.mjs';

/**
 * Reads the arguments of `npm start`.
 *
 * @param {string[]} args
 * @returns {{ name: string, isOnce: boolean, isBuilt: boolean } | { usage: string }} the usage, if that is asked for
 */
export function readArguments(args) {
  const names = exampleNames();
  const usage = `Usage: npm start -- [example] [--once] [--built]\n  --once   ends after the visits, instead of staying up\n  --built  installs and builds nothing, since it has been done\nExamples: ${names.join(', ')}`;
  const { values, positionals } = parse(args, usage);
  if (values.help) return { usage };
  const [name = 'express'] = positionals;
  if (positionals.length > 1 || !names.includes(name)) {
    throw new Failure(`Unknown example "${positionals.join(' ')}".\n${usage}`);
  }
  return { name, isOnce: values.once, isBuilt: values.built };
}

/**
 * @param {string[]} args
 * @param {string} usage
 */
function parse(args, usage) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        once: { type: 'boolean', default: false },
        built: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    const [option] = args.filter((arg) => arg.startsWith('-') && !['--once', '--built'].includes(arg));
    throw new Failure(`Unknown option ${option}.\n${usage}`, { cause });
  }
}
