import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Writable } from 'node:stream';
import { defineCommand, UsageError } from '@successeve/command-line';
import { openExistingDatabase, patienceMs } from '../file/open-database.js';
import { Store } from '../file/store.js';
import { exportRejected, exportWaiting } from './export-events.js';
import { purgeWaiting } from './purge-waiting.js';
import { purgeRejected, retryRejected } from './rejected-events.js';
import { showStatus } from './show-status.js';

const usage = (name: string): string => `Usage: ${name} --file <path> [command]

Shows and changes a queue file. It is safe while applications use the file.

Commands:
  status                    shows waiting events, their age, and rejected events (the default)
  retry <id…> | --all       sends rejected events again
  purge <id…> | --all       deletes rejected events
  purge --waiting           deletes waiting events that belong to no running process
  export [--rejected]       writes waiting or rejected events, one line of JSON per event

Options:
  --file <path>             the file given to sqliteQueue({ path })
  --limit <n>               how many rejected events status shows, 20 by default
  --json                    writes status as JSON
  -h, --help                shows this text

Exit codes: 0 success, 1 failure, 2 usage error.
`;

const flags = {
  file: { type: 'string' },
  limit: { type: 'string' },
  all: { type: 'boolean' },
  waiting: { type: 'boolean' },
  rejected: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flag = keyof typeof flags;

/** The lease of the shares that are being purged; each chunk renews it. */
const leaseMs = 60_000;

/** The options of each command, in addition to `--file`. */
const flagsOf: Readonly<Record<string, readonly Flag[]>> = {
  status: ['limit', 'json'],
  retry: ['all'],
  purge: ['all', 'waiting'],
  export: ['rejected'],
};

/** The name of the command, and where it writes to. */
export interface QueueCommandOptions {
  /**
   * The name of the command in its help and its errors.
   * @defaultValue `successeve-queue`
   */
  readonly name?: string;
  /**
   * Where the output goes.
   * @defaultValue `process.stdout`
   */
  readonly stdout?: Writable;
  /**
   * Where errors go.
   * @defaultValue `process.stderr`
   */
  readonly stderr?: Writable;
}

/**
 * Runs `successeve-queue`: shows the waiting and the rejected events of a queue file, and retries, purges or exports them.
 *
 * @param args - the arguments after its name.
 * @returns the exit code: 0 success, 1 failure, 2 usage error.
 */
export async function queueCommand(
  args: readonly string[],
  { name = 'successeve-queue', stdout = process.stdout, stderr = process.stderr }: QueueCommandOptions = {},
): Promise<0 | 1 | 2> {
  return command(args, { name, stdout, stderr });
}

const command = defineCommand({
  usage,
  flags,
  takesPositionals: true,
  async run({ values, positionals }, output) {
    const { command, ids } = readCommand(values, positionals);
    if (!values.file) throw new UsageError('--file: expected the path of a queue file');
    const limit = readLimit(values.limit);
    const identity = { path: values.file, holder: randomUUID(), leaseMs };
    const store = new Store(open(values.file), identity);
    try {
      store.waitForOthers(patienceMs);
      if (command === 'status') await showStatus(store, output, { limit, json: values.json ?? false });
      else if (command === 'export' && values.rejected) await exportRejected(store, output);
      else if (command === 'export') await exportWaiting(store, output);
      else if (command === 'retry') await retryRejected(store, output, ids);
      else if (values.waiting) await purgeWaiting(store, output);
      else await purgeRejected(store, output, ids);
    } finally {
      store.close();
    }
  },
});

/** Opens the file. Errors name the option by which the command was given it. */
function open(file: string): DatabaseSync {
  try {
    return openExistingDatabase(file);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(error.message.replace(/^path:/, '--file:'), { cause: error });
  }
}

interface Command {
  readonly command: string;
  /** The ids of rejected events; none for all of them. */
  readonly ids: readonly number[];
}

function readCommand(
  values: { readonly [Name in Flag]?: string | boolean },
  [command = 'status', ...rest]: readonly string[],
): Command {
  const allowed = flagsOf[command];
  if (!allowed) {
    throw new UsageError(`expected one of the commands ${Object.keys(flagsOf).join(', ')}, got ${command}`);
  }
  for (const flag of Object.keys(values) as Flag[]) {
    if (flag !== 'file' && !allowed.includes(flag)) throw new UsageError(`--${flag} is not for ${command}`);
  }
  const ids = rest.map(readId);
  if (command !== 'retry' && command !== 'purge') {
    if (ids.length > 0) throw new UsageError(`${command} takes no ids`);
    return { command, ids };
  }
  if ([ids.length > 0, values.all, values.waiting].filter(Boolean).length !== 1) {
    const waiting = command === 'purge' ? ', or --waiting' : '';
    throw new UsageError(`${command}: expected the ids of rejected events, or --all${waiting}`);
  }
  return { command, ids };
}

function readId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`expected the id of a rejected event, as status shows it, got ${text}`);
}

function readLimit(text = '20'): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`--limit: expected a number up to 999999, got ${text}`);
}
