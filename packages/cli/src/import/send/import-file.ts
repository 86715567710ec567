import { counted, duration, type ExitCode, grouped, printable, shellWord } from '@successeve/command-line';
import { BadLine } from '../keep/bad-line.js';
import { Books } from '../keep/import-files.js';
import {
  checkIdentity,
  hasSettledNothing,
  type Identity,
  isSameImport,
  type JournalState,
  readJournal,
} from '../keep/journal.js';
import { Account, type Counts } from '../keep/line-ledger.js';
import { isUndated, timeOf } from '../map/imported-event.js';
import type { Mapping } from '../map/mapping.js';
import type { DataFile } from '../read/data-file.js';
import type { LineSource } from '../read/line.js';
import { Display } from '../show/display.js';
import type { Progress } from '../show/progress.js';
import { undated } from '../show/words.js';
import { exitCodeOf, onSignal } from '../signals.js';
import { budgetMs, timeLeftMs, usualLimit } from './estimate.js';
import { ImportRun, type Interruption } from './import-run.js';
import { Rate } from './rate.js';
import { Requests } from './requests.js';

/** How many events a batch has at most. */
const batchEvents = 100;

/** How many lines are looked at before any is sent. */
const sampleLines = 100;

/** A wait that is worth a sentence. */
const longMs = 60_000;

export interface ImportFileOptions {
  readonly file: DataFile;
  readonly source: LineSource;
  readonly mapping: Mapping;
  readonly identity: Identity;
  readonly apiToken: string;
  readonly batch: boolean;
  /** Begins anew, whatever was imported before. */
  readonly again: boolean;
}

/** Sends what is not settled yet of a file, and tells how it goes. Whoever calls it holds the file's lock. */
export async function importFile(options: ImportFileOptions): Promise<ExitCode> {
  const { file, source, identity } = options;
  const before = readJournal(file.journalPath);
  // Whoever corrects a command that sent nothing need not say that it begins anew.
  const isCorrected = before && hasSettledNothing(before.state) && !isSameImport(before, identity);
  const again = options.again || isCorrected === true;
  if (before && !again) {
    checkIdentity(file.path, before, identity);
    const { finishedAt, counts } = before.state;
    if (finishedAt) return tellFinished(file, finishedAt, counts);
  }
  const account = before && !again ? new Account(before.state) : Account.begin(source.start);
  return conclude(file, account.counts, await run({ ...options, again }, account, before?.state));
}

async function run(
  { file, source, mapping, identity, apiToken, batch, again }: ImportFileOptions,
  account: Account,
  before: JournalState | undefined,
): Promise<Interruption | undefined> {
  const startedAt = Date.now();
  const rate = new Rate(account.lines, startedAt);
  const requests = new Requests();
  const progress = (): Progress => {
    const now = Date.now();
    const stats = importRun.stats();
    const linesInAll = file.linesInAll(account.readUpTo);
    const pace = { elapsedMs: now - startedAt, requests: requests.count, limit: stats.rateLimit?.limit };
    const eventsEach = requests.count > 0 ? requests.events / requests.count : batch ? batchEvents : 1;
    return {
      share: account.bytes / Math.max(1, file.size),
      lines: account.lines,
      linesInAll,
      perSecond: rate.perSecond(account.lines, now),
      rejected: account.counts.rejected,
      leftMs: timeLeftMs((linesInAll - account.lines) / eventsEach, pace),
      waiting: importRun.isStopping ? 'stopping' : requests.waiting(stats),
    };
  };
  const display = new Display(process.stderr, progress);
  const { apiUrl } = identity;
  const importRun = new ImportRun({
    source,
    mapping,
    account,
    apiUrl,
    apiToken,
    batch,
    say: (text) => display.say(text),
  });
  const books = new Books({ file, identity, account, before, again });
  const forget = onSignal((signal) => {
    importRun.interrupt(signal);
    display.say(
      'Stopping within 5 s: what is under way may still be answered. Press Ctrl-C again to stop immediately.',
    );
  });
  display.say(introduction(file, account, apiUrl, batch));
  if (await startsUndated(source, mapping)) {
    display.say(
      'The first lines have no time (created_at): such events are dated to when they are sent, and that cannot be changed later.',
    );
  }
  display.start();
  try {
    return await importRun.run(books);
  } finally {
    display.stop();
    const { undatedDelivered } = importRun;
    if (undatedDelivered > 0) display.say(`Dated to when they were sent: ${undated(undatedDelivered)}`);
    forget();
    requests.stop();
    books.close();
  }
}

/** Whether the first lines are events, none of which says when it happened. */
async function startsUndated(source: LineSource, mapping: Mapping): Promise<boolean> {
  let undatedLines = 0;
  for await (const { content, end } of source.lines(source.start)) {
    if (end.lines > sampleLines) break;
    try {
      const told = mapping.read(content);
      const occurredAt = timeOf(told, Date.now());
      if (occurredAt) return false;
      if (isUndated(told, occurredAt)) undatedLines++;
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
    }
  }
  return undatedLines > 0;
}

function introduction(file: DataFile, account: Account, apiUrl: string, batch: boolean): string {
  const lines = file.linesInAll(account.readUpTo);
  const left = lines - account.lines;
  const sentences = [`${printable(file.path)}: about ${counted(lines, 'line')}, to ${apiUrl}`];
  if (account.lines > 0) sentences.push(`Resuming where it stopped: ${sum(account.counts)} so far`);
  const takesMs = budgetMs(batch ? left / batchEvents : left);
  if (takesMs >= longMs) {
    const orBatch = batch ? '' : `; with --batch, ${about(budgetMs(left / batchEvents))}`;
    sentences.push(
      `The API's budget of ${usualLimit} requests in 5 minutes limits it, so this will take ${about(takesMs)}${orBatch}`,
    );
  }
  return sentences.join('\n');
}

function about(ms: number): string {
  return ms < longMs ? 'less than a minute' : `about ${duration(ms)}`;
}

function tellFinished(file: DataFile, finishedAt: string, counts: Counts): ExitCode {
  process.stdout.write(
    `${file.path} was already imported, finished at ${finishedAt}:\n${total(file, counts)}\nTo import it again: --again\n`,
  );
  return exitCode(counts);
}

function conclude(file: DataFile, counts: Counts, interruption: Interruption | undefined): ExitCode {
  if (interruption === undefined) {
    process.stdout.write(`${total(file, counts)}\n`);
    return exitCode(counts);
  }
  const isSignal = typeof interruption === 'string';
  if (!isSignal) process.stderr.write(`error: ${printable(interruption.message)}\n`);
  process.stderr.write(`Stopped: ${total(file, counts)} so far\nTo resume: ${commandToGoOn()}\n`);
  return isSignal ? exitCodeOf(interruption) : 1;
}

function exitCode({ rejected }: Counts): ExitCode {
  return rejected > 0 ? 1 : 0;
}

/** The account of all lines that are settled. */
function total(file: DataFile, counts: Counts): string {
  const lines = counts.delivered + counts.rejected + counts.blank;
  const see = counts.rejected > 0 ? ` (see ${file.rejectedPath})` : '';
  return `${counted(lines, 'line')} = ${sum(counts, see)}`;
}

function sum({ delivered, rejected, blank }: Counts, see = ''): string {
  return `${grouped(delivered)} delivered + ${grouped(rejected)} rejected${see} + ${grouped(blank)} blank`;
}

/** The command that was given, but never to begin anew. */
function commandToGoOn(): string {
  const words = process.argv.slice(2).filter((word) => word !== '--again');
  const program = process.env.npm_command === 'exec' ? 'npx @successeve/cli' : 'successeve';
  return `${program} ${words.map(shellWord).join(' ')}`;
}
