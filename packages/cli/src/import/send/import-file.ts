import {
  CommandError,
  counted,
  duration,
  type ExitCode,
  grouped,
  printable,
  shellWord,
} from '@successeve/command-line';
import { exitCodeOf, onSignal } from '../../signals.js';
import { ImportFiles } from '../keep/import-files.js';
import {
  differenceOf,
  type Identity,
  type JournalContent,
  type JournalState,
  readJournal,
} from '../keep/journal.js';
import { type Counts, LineLedger } from '../keep/line-ledger.js';
import type { Mapping } from '../map/mapping.js';
import type { DataFile } from '../read/data-file.js';
import { type EstimateLines, sampleLines } from '../read/estimate-lines.js';
import { BadLine, type LineSource } from '../read/line.js';
import { Display } from '../show/display.js';
import type { Progress } from '../show/progress.js';
import { undated } from '../show/words.js';
import { budgetMs, timeLeftMs, usualLimit } from './estimate.js';
import { ImportRun, type Interruption } from './import-run.js';
import { Rate } from './rate.js';
import { Requests } from './requests.js';

const batchEvents = 100;

/** How many lines are checked for a time before any is sent. */
const checkedLines = 100;

/** An import that takes longer announces it. */
const longMs = 60_000;

export interface ImportFileOptions {
  readonly file: DataFile;
  readonly source: LineSource;
  readonly mapping: Mapping;
  readonly identity: Identity;
  readonly apiToken: string;
  readonly batch: boolean;
  /** Starts over, even if the file was imported before. */
  readonly again: boolean;
}

/** Sends the lines of a file that are not settled yet, and shows the progress. The caller holds the file's lock. */
export async function importFile(options: ImportFileOptions): Promise<ExitCode> {
  const { file, source, again } = options;
  const before = readJournal(file.journalPath);
  const resumed = before && !again ? resumableState(before, options) : undefined;
  if (resumed?.finishedAt) return printFinished(file, resumed.finishedAt, resumed.counts);
  const ledger = resumed ? new LineLedger(resumed) : LineLedger.begin(source.start);
  const interruption = await run({ ...options, again: !resumed }, ledger, before?.state);
  return printResult(file, ledger.counts, interruption);
}

/**
 * @returns undefined where a corrected command starts over by itself, since nothing was sent yet.
 * @throws CommandError where the journal belongs to another import
 */
function resumableState(
  { identity, state }: JournalContent,
  { file, identity: asked }: ImportFileOptions,
): JournalState | undefined {
  const difference = differenceOf(identity, asked);
  if (difference === undefined) return state;
  // As where a wrong URL stopped the import.
  if (state.counts.delivered + state.counts.rejected === 0) return undefined;
  const verb = state.finishedAt ? 'was imported before' : 'is partly imported';
  throw new CommandError(
    `${file.path} ${verb}, but ${difference}. To start over, and send everything again: --again`,
  );
}

async function run(
  options: ImportFileOptions,
  ledger: LineLedger,
  before: JournalState | undefined,
): Promise<Interruption | undefined> {
  const { file, source, mapping, identity, batch, again } = options;
  const estimateLines = await sampleLines(file, source);
  const startedAt = Date.now();
  const rate = new Rate(ledger.lines, startedAt);
  const requests = new Requests();
  const progress = (): Progress => {
    const now = Date.now();
    const stats = importRun.stats();
    const linesInAll = estimateLines(ledger.readUpTo);
    const pace = { elapsedMs: now - startedAt, requests: requests.count, ...requests.budget };
    const eventsEach = requests.count > 0 ? requests.events / requests.count : batch ? batchEvents : 1;
    return {
      share: ledger.bytes / Math.max(1, file.size),
      lines: ledger.lines,
      linesInAll,
      perSecond: rate.perSecond(ledger.lines, now),
      rejected: ledger.counts.rejected,
      leftMs: timeLeftMs((linesInAll - ledger.lines) / eventsEach, pace),
      waiting: importRun.isStopping ? 'stopping' : requests.waiting(stats),
    };
  };
  const display = new Display(process.stderr, progress);
  const { apiUrl } = identity;
  const importRun = new ImportRun({ ...options, apiUrl, ledger, say: (text) => display.say(text) });
  const files = new ImportFiles({ file, identity, ledger, before, again });
  const stop = (signal: NodeJS.Signals): void => {
    importRun.interrupt(signal);
    display.say(
      'Stopping within 5 s, while requests in flight finish. Press Ctrl-C again to stop immediately.',
    );
  };
  const forget = onSignal(stop, (signal) => process.exit(exitCodeOf(signal)));
  display.say(introduction(options, ledger, estimateLines));
  if (await startsUndated(source, mapping)) {
    display.say(
      'The first lines have no time (created_at): such events get the time at which they are sent, which cannot be changed later.',
    );
  }
  display.start();
  try {
    return await importRun.run(files);
  } finally {
    display.stop();
    const { undatedDelivered } = importRun;
    if (undatedDelivered > 0) display.say(`Recorded at the time of sending: ${undated(undatedDelivered)}`);
    forget();
    requests.stop();
    files.close();
  }
}

/** Whether the first lines are events without a time. */
async function startsUndated(source: LineSource, mapping: Mapping): Promise<boolean> {
  let undatedLines = 0;
  for await (const { content, end } of source.lines(source.start)) {
    if (end.lines > checkedLines) break;
    try {
      const event = mapping.read(content, Date.now());
      if (event.occurredAt) return false;
      if (event.isUndated) undatedLines++;
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
    }
  }
  return undatedLines > 0;
}

function introduction(
  { file, identity, batch }: ImportFileOptions,
  ledger: LineLedger,
  estimateLines: EstimateLines,
): string {
  const lines = estimateLines(ledger.readUpTo);
  const left = lines - ledger.lines;
  const sentences = [`${printable(file.path)}: about ${counted(lines, 'line')}, to ${identity.apiUrl}`];
  if (ledger.lines > 0) sentences.push(`Resuming: ${sum(ledger.counts)} so far`);
  const takesMs = budgetMs(batch ? left / batchEvents : left);
  if (takesMs >= longMs) {
    const orBatch = batch ? '' : `; with --batch, ${about(budgetMs(left / batchEvents))}`;
    sentences.push(
      `With the API's usual budget of ${usualLimit} requests in 5 minutes, this takes ${about(takesMs)}${orBatch}`,
    );
  }
  return sentences.join('\n');
}

function about(ms: number): string {
  return ms < longMs ? 'less than a minute' : `about ${duration(ms)}`;
}

function printFinished(file: DataFile, finishedAt: string, counts: Counts): ExitCode {
  process.stdout.write(
    `${file.path} was already imported, finished at ${finishedAt}:\n${total(file, counts)}\nTo import it again: --again\n`,
  );
  return exitCode(counts);
}

function printResult(file: DataFile, counts: Counts, interruption: Interruption | undefined): ExitCode {
  if (interruption === undefined) {
    process.stdout.write(`${total(file, counts)}\n`);
    return exitCode(counts);
  }
  const isSignal = typeof interruption === 'string';
  if (!isSignal) process.stderr.write(`error: ${printable(interruption.message)}\n`);
  process.stderr.write(`Stopped: ${total(file, counts)} so far\nTo resume: ${resumeCommand()}\n`);
  return isSignal ? exitCodeOf(interruption) : 1;
}

function exitCode({ rejected }: Counts): ExitCode {
  return rejected > 0 ? 1 : 0;
}

function total(file: DataFile, counts: Counts): string {
  const lines = counts.delivered + counts.rejected + counts.blank;
  const see = counts.rejected > 0 ? ` (see ${file.rejectedPath})` : '';
  return `${counted(lines, 'line')} = ${sum(counts, see)}`;
}

function sum({ delivered, rejected, blank }: Counts, see = ''): string {
  return `${grouped(delivered)} delivered + ${grouped(rejected)} rejected${see} + ${grouped(blank)} blank`;
}

/** The command that resumes the import: the given one without `--again`. */
function resumeCommand(): string {
  const words = process.argv.slice(2).filter((word) => word !== '--again');
  const program = process.env.npm_command === 'exec' ? 'npx @successeve/cli' : 'successeve';
  return `${program} ${words.map(shellWord).join(' ')}`;
}
