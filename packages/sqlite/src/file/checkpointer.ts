import { Worker } from 'node:worker_threads';

/** How much WAL is worth a checkpoint, and is kept for reuse; how many pages of 4 KiB it may have before writers pause. */
const dueBytes = 4 * 1024 * 1024;
const longPages = 4000;

/**
 * What runs in the thread. As text, because a file of its own would be one more thing that a bundler loses.
 *
 * The first checkpoint holds up nobody, but never gets to the end of a WAL that is being written to. Where that makes
 * it long, the second one keeps writers out while it does the rest: they are told "busy" and come back.
 *
 * The first to write after that begins the WAL anew, for which SQLite cuts it and waits for the disk. So the thread
 * does that as well, with a write that changes nothing.
 */
const code = `
const { statSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(workerData.path);
db.exec('PRAGMA busy_timeout = 1000; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ' + workerData.keptBytes);
const ask = (name) => db.prepare('PRAGMA ' + name).get();
parentPort.on('message', (message) => {
  if (message === 'close') {
    parentPort.close();
    return db.close();
  }
  let isComplete = false;
  try {
    const { log } = ask('wal_checkpoint(PASSIVE)');
    // A single write in the meantime is enough for SQLite not to cut the file.
    const { page_count } = ask('page_count');
    const { page_size } = ask('page_size');
    isComplete = log >= 0 && statSync(workerData.path).size <= page_count * page_size;
    if (log > workerData.longPages) ask('wal_checkpoint(RESTART)');
    db.exec('BEGIN IMMEDIATE');
    db.exec('PRAGMA user_version = ' + ask('user_version').user_version);
    db.exec('COMMIT');
  } catch {}
  parentPort.postMessage(isComplete);
});
`;

/**
 * Moves what is in the WAL into the file. It syncs both to the disk, which may take a tenth of a second, so that it is
 * the one thing that another thread does. The thread starts with the first megabytes.
 */
export class Checkpointer {
  readonly #path: string;
  #worker: Worker | undefined;
  #isAtWork = false;
  /** Asked for while it was at work already: what was written since may not be in. */
  #isDueAgain = false;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Some bytes more are in the WAL. */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    if (this.#isAtWork || this.#bytes < dueBytes) return;
    this.#bytes = 0;
    this.run();
  }

  run(): void {
    this.#isDueAgain = this.#isAtWork;
    if (this.#isAtWork) return;
    this.#isAtWork = true;
    this.#worker ??= this.#start();
    this.#worker?.postMessage('run');
  }

  /** The last connection that closes moves the rest: that of the thread, where there is one. */
  close(): void {
    this.#worker?.postMessage('close');
    this.#worker = undefined;
  }

  #start(): Worker | undefined {
    try {
      const worker = new Worker(code, {
        eval: true,
        workerData: { path: this.#path, longPages, keptBytes: dueBytes },
      });
      worker.on('message', (isComplete: boolean) => {
        this.#isAtWork = false;
        // Somebody was reading or writing: the next write, if only to renew a lease, tries again.
        if (!isComplete) this.#bytes += dueBytes;
        if (this.#isDueAgain) this.run();
      });
      // Without it, SQLite does the same on the main thread once the WAL is long.
      worker.on('error', () => {});
      // After the listeners: the first one makes the thread hold the process open, whatever was said before.
      worker.unref();
      return worker;
    } catch {
      return undefined;
    }
  }
}
