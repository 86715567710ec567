import { rmSync } from 'node:fs';
import type { DataFile } from '../read/data-file.js';
import type { Line } from '../read/line.js';
import { type Identity, Journal, type JournalState } from './journal.js';
import type { Account } from './line-ledger.js';
import { RejectedFile, type Rejection } from './rejected-file.js';

export interface BooksOptions {
  readonly file: DataFile;
  readonly identity: Identity;
  readonly account: Account;
  /** How far the import has come that is gone on with, or that is begun anew. */
  readonly before: JournalState | undefined;
  readonly again: boolean;
}

/** What is kept on the disk of an import: its journal, and what was rejected. */
export class Books {
  readonly #account: Account;
  readonly #rejected: RejectedFile;
  readonly #journal: Journal;

  /** @throws CommandError where what was rejected would be mixed with another import's */
  constructor({ file, identity, account, before, again }: BooksOptions) {
    this.#account = account;
    this.#rejected = openRejected(file.rejectedPath, before, again);
    const rejectedBytes = this.#rejected.write();
    this.#journal = new Journal(file.journalPath, identity, {
      ...account.state,
      rejectedBytes,
      finishedAt: null,
    });
  }

  reject(line: Line, rejection: Rejection): void {
    this.#rejected.add(line, rejection);
  }

  /**
   * Writes down how far the import has come: what was rejected first, since the journal says that it is.
   *
   * @throws what the system says, on a full disk for instance
   */
  write(finishedAt: string | null): void {
    const rejectedBytes = this.#rejected.write();
    this.#journal.write({ ...this.#account.state, rejectedBytes, finishedAt });
  }

  close(): void {
    this.#journal.close();
    this.#rejected.close();
  }
}

function openRejected(path: string, before: JournalState | undefined, again: boolean): RejectedFile {
  if (before && !again) return RejectedFile.reopen(path, before.rejectedBytes);
  // Where the import before has rejected nothing, it is another's.
  if (before && (before.rejectedBytes > 0 || !before.finishedAt)) rmSync(path, { force: true });
  return RejectedFile.create(path);
}
