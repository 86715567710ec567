import { parseArgs } from 'node:util';
import { openExisting, patienceMs } from '../open-file.js';
import { Store } from '../store.js';
import { exportEvents } from './export-events.js';
import { Output } from './output.js';
import { purgeRejected, purgeWaiting } from './purge.js';
import { retryRejected } from './retry.js';
import { showStatus } from './show-status.js';
import { UsageError } from './usage-error.js';

const usage = `successeve-queue --file <path> [command]

Looks into a queue file, while applications use it.

  status                    what waits, how old it is, and what the API rejected (the default)
  retry <id…> | --all       sends rejected events again
  purge <id…> | --all       forgets rejected events
  purge --waiting           forgets waiting events that no running process answers for
  export [--rejected]       writes what waits, or what was rejected, as one line of JSON an event

  --file <path>             the file given to sqliteQueue({ path })
  --limit <n>               how many rejected events status shows, 20 by default
  --json                    status as JSON
  --help                    this text

Exit codes: 0 done, 1 not possible, 2 not understood.
`;

const options = {
  file: { type: 'string' },
  limit: { type: 'string' },
  all: { type: 'boolean' },
  waiting: { type: 'boolean' },
  rejected: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flag = keyof typeof options;

/** What each command takes beside `--file`. */
const flagsOf: Readonly<Record<string, readonly Flag[]>> = {
  status: ['limit', 'json'],
  retry: ['all'],
  purge: ['all', 'waiting'],
  export: ['rejected'],
};

/**
 * Runs `successeve-queue`.
 *
 * @returns the exit code: 0 done, 1 not possible, 2 not understood.
 */
export async function queueCommand(args: readonly string[]): Promise<0 | 1 | 2> {
  const output = new Output(process.stdout);
  try {
    return await run(args, output);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (output.isClosed) return 0;
    process.stderr.write(`successeve-queue: ${message}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write('Try successeve-queue --help.\n');
    return 2;
  }
}

async function run(args: readonly string[], output: Output): Promise<0> {
  const { flags, command, ids } = parse(args);
  if (flags.help) {
    await output.write(usage);
    return 0;
  }
  if (!flags.file) throw new UsageError('--file: expected the path of a queue file');
  const limit = readLimit(flags.limit);
  const db = openExisting(flags.file);
  try {
    const store = new Store(db);
    store.waitForOthers(patienceMs);
    if (command === 'status') await showStatus(db, output, { limit, json: flags.json ?? false });
    else if (command === 'export') await exportEvents(db, store, output, flags.rejected ?? false);
    else if (command === 'retry') await retryRejected(db, store, output, ids);
    else if (flags.waiting) await purgeWaiting(store, output);
    else await purgeRejected(db, store, output, ids);
  } finally {
    db.close();
  }
  return 0;
}

interface Parsed {
  readonly flags: { readonly [Name in Flag]?: Name extends 'file' | 'limit' ? string : boolean };
  readonly command: string;
  /** Which rejected events it is about; none for all of them. */
  readonly ids: readonly number[];
}

function parse(args: readonly string[]): Parsed {
  const { values: flags, positionals } = parseStrictly(args);
  const [command = 'status', ...rest] = positionals;
  const allowed = flagsOf[command];
  if (!allowed) {
    throw new UsageError(`expected one of the commands ${Object.keys(flagsOf).join(', ')}, got ${command}`);
  }
  for (const flag of Object.keys(flags) as Flag[]) {
    if (flag !== 'file' && flag !== 'help' && !allowed.includes(flag)) {
      throw new UsageError(`--${flag} is not for ${command}`);
    }
  }
  const ids = rest.map(readId);
  if (command !== 'retry' && command !== 'purge') {
    if (ids.length > 0) throw new UsageError(`${command} takes no ids`);
    return { flags, command, ids };
  }
  const choices = [ids.length > 0, flags.all, flags.waiting].filter(Boolean).length;
  if (choices !== 1 && !flags.help) {
    const waiting = command === 'purge' ? ', or --waiting' : '';
    throw new UsageError(`${command}: expected the ids of rejected events, or --all${waiting}`);
  }
  return { flags, command, ids };
}

function parseStrictly(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function readId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`expected the id of a rejected event, as status shows it, got ${text}`);
}

function readLimit(text = '20'): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`--limit: expected a number up to 999999, got ${text}`);
}
