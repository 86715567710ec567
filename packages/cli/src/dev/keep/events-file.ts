import { chmodSync, closeSync, openSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CommandError } from '@successeve/command-line';
import type { Entry } from '../protocol.js';
import type { Store } from './store.js';

/** Marks a file as ours: "SEve" in ASCII. */
const applicationId = 0x53457665;

const schema = `
  CREATE TABLE entries (seq INTEGER PRIMARY KEY, request_id INTEGER, entry TEXT NOT NULL) STRICT;
  CREATE TABLE requests (id INTEGER PRIMARY KEY, request TEXT NOT NULL) STRICT;
  PRAGMA application_id = ${applicationId};
`;

/** An SQLite file that keeps entries and requests, each as JSON. */
export class EventsFile {
  readonly #db: DatabaseSync;
  readonly #store: Store;
  readonly #addEntry: StatementSync;
  readonly #addRequest: StatementSync;
  #seq: number;
  #clearedUpTo = 0;
  #requestId = 0;

  /**
   * Opens or creates a file, and restores its content into the store.
   *
   * @throws CommandError where it cannot be used.
   */
  constructor(path: string, store: Store) {
    this.#db = open(path);
    this.#store = store;
    this.#addEntry = this.#db.prepare('INSERT INTO entries VALUES (?, ?, ?)');
    this.#addRequest = this.#db.prepare('INSERT INTO requests VALUES (?, ?)');
    const requestOf = this.#db.prepare('SELECT request FROM requests WHERE id = ?');
    store.restore(this.#kept(store.maxEntries), (id) => {
      const json = requestOf.get(id)?.request;
      return json === undefined ? undefined : JSON.parse(String(json));
    });
    this.#seq = store.lastSeq;
    this.#requestId = store.lastRequestId;
  }

  /** Writes what is new in the store, and deletes what was cleared. */
  save(): void {
    const { clearedUpTo } = this.#store;
    this.#db.exec('BEGIN');
    if (clearedUpTo > this.#clearedUpTo) {
      this.#db.exec('DELETE FROM entries; DELETE FROM requests');
      this.#clearedUpTo = clearedUpTo;
    }
    for (const entry of this.#store.entriesAfter(this.#seq)) this.#save(entry);
    this.#db.exec('COMMIT');
  }

  close(): void {
    this.#db.close();
  }

  #save(entry: Entry): void {
    this.#seq = entry.seq;
    const requestId = entry.type === 'report' ? null : entry.requestId;
    this.#addEntry.run(entry.seq, requestId, JSON.stringify(entry));
    if (requestId === null || requestId <= this.#requestId) return;
    this.#requestId = requestId;
    const request = this.#store.request(requestId);
    if (request) this.#addRequest.run(requestId, JSON.stringify(request));
  }

  *#kept(max: number): Generator<Entry> {
    const newest = 'SELECT seq, entry FROM entries ORDER BY seq DESC LIMIT ?';
    for (const row of this.#db.prepare(`SELECT entry FROM (${newest}) ORDER BY seq`).iterate(max)) {
      yield JSON.parse(String(row.entry));
    }
  }
}

function open(path: string): DatabaseSync {
  const sqlite = process.getBuiltinModule?.('node:sqlite');
  if (!sqlite) {
    throw new CommandError(
      `--file needs Node 22.13 or later, which has SQLite, and this is Node ${process.versions.node}.`,
    );
  }
  try {
    restrictToOwner(path);
    const db = new sqlite.DatabaseSync(path);
    prepare(db);
    return db;
  } catch (error) {
    throw new CommandError(`--file ${path} cannot be used: ${explain(error as Error)}.`, { cause: error });
  }
}

/** The result code of SQLite for a file that another process has locked. */
const busy = 5;

function explain({ message, errcode }: Error & { readonly errcode?: number }): string {
  return errcode === busy ? 'another process has it open, such as another successeve dev' : message;
}

/** The content may be personal. The files that SQLite puts next to it get the same mode. */
function restrictToOwner(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function prepare(db: DatabaseSync): void {
  // One process at a time: two would assign the same numbers.
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA auto_vacuum = FULL; PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  const tables = Number(db.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.count);
  if (tables === 0) db.exec(`BEGIN; ${schema} COMMIT`);
  else if (db.prepare('PRAGMA application_id').get()?.application_id !== applicationId) {
    throw new Error('it is a database of another application');
  }
}
