import { Worker } from 'node:worker_threads';

/** How much WAL is worth a checkpoint, and is kept for reuse; how many pages of 4 KiB it may have before writers pause. */
const dueBytes = 4 * 1024 * 1024;
const longPages = 4000;

/**
 * The thread's code. As text, because bundlers lose separate files.
 *
 * The first checkpoint blocks no other connection, but never reaches the end of a WAL that is being written to. Where
 * that makes the WAL long, the second one keeps writers out while it does the rest: they get "busy" and come back.
 *
 * The first write after that starts the WAL from its beginning again, for which SQLite cuts it and waits for the disk.
 * So the thread does that as well, with a write that changes nothing.
 */
const code = `
const { statSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(workerData.path);
db.exec('PRAGMA busy_timeout = 1000; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ' + workerData.keptBytes);
const pragma = (name) => db.prepare('PRAGMA ' + name).get();
parentPort.on('message', (message) => {
  if (message === 'close') {
    parentPort.close();
    return db.close();
  }
  let isComplete = false;
  try {
    const { log } = pragma('wal_checkpoint(PASSIVE)');
    // A single write during the checkpoint is enough for SQLite not to cut the file.
    const { page_count } = pragma('page_count');
    const { page_size } = pragma('page_size');
    isComplete = log >= 0 && statSync(workerData.path).size <= page_count * page_size;
    if (log > workerData.longPages) pragma('wal_checkpoint(RESTART)');
    db.exec('BEGIN IMMEDIATE');
    db.exec('PRAGMA user_version = ' + pragma('user_version').user_version);
    db.exec('COMMIT');
  } catch {}
  parentPort.postMessage(isComplete);
});
`;

/** A thread's own heap is small: it keeps nothing. Without limits, V8 lets it grow by some 20 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 };

/**
 * Moves the content of the WAL into the file. That syncs both to the disk, which may take a tenth of a second, so it is
 * done in a thread, which starts with the first megabytes.
 */
export class Checkpointer {
  readonly #path: string;
  #worker: Worker | undefined;
  #isRunning = false;
  /** Requested during a run, which may have missed the latest writes. */
  #isDueAgain = false;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Counts bytes that were written to the WAL. */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    if (this.#isRunning || this.#bytes < dueBytes) return;
    this.#bytes = 0;
    this.run();
  }

  run(): void {
    this.#isDueAgain = this.#isRunning;
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#worker ??= this.#start();
    this.#worker?.postMessage('run');
  }

  /** Ends the thread. The last connection that closes, usually the thread's, moves the rest. */
  close(): void {
    this.#worker?.postMessage('close');
    this.#worker = undefined;
  }

  #start(): Worker | undefined {
    try {
      const worker = new Worker(code, {
        eval: true,
        resourceLimits,
        workerData: { path: this.#path, longPages, keptBytes: dueBytes },
      });
      worker.on('message', (isComplete: boolean) => {
        this.#isRunning = false;
        // Another connection was reading or writing: the next write, if only to renew a lease, tries again.
        if (!isComplete) this.#bytes += dueBytes;
        if (this.#isDueAgain) this.run();
      });
      // Without the thread, SQLite does the same on the main one once the WAL is long.
      worker.on('error', () => {});
      // After the listeners: adding the first one makes the thread hold the process open again.
      worker.unref();
      return worker;
    } catch {
      return undefined;
    }
  }
}
