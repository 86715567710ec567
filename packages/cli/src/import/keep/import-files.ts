import { rmSync } from 'node:fs';
import type { DataFile } from '../read/data-file.js';
import type { Line } from '../read/line.js';
import { type Identity, Journal, type JournalState } from './journal.js';
import type { LineLedger } from './line-ledger.js';
import { RejectedFile, type Rejection } from './rejected-file.js';

export interface ImportFilesOptions {
  readonly file: DataFile;
  readonly identity: Identity;
  readonly ledger: LineLedger;
  /** The state of an earlier import, which is resumed or started over. */
  readonly before: JournalState | undefined;
  readonly again: boolean;
}

/** The files that an import writes: its journal, and the rejected lines. */
export class ImportFiles {
  readonly #ledger: LineLedger;
  readonly #rejected: RejectedFile;
  readonly #journal: Journal;

  /** @throws CommandError where the file of rejected lines belongs to another import */
  constructor({ file, identity, ledger, before, again }: ImportFilesOptions) {
    this.#ledger = ledger;
    this.#rejected = openRejected(file.rejectedPath, before, again);
    const rejectedBytes = this.#rejected.write();
    this.#journal = new Journal(file.journalPath, identity, {
      ...ledger.state,
      rejectedBytes,
      finishedAt: null,
    });
  }

  reject(line: Line, rejection: Rejection): void {
    this.#rejected.add(line, rejection);
  }

  /**
   * Saves the progress: rejected lines first, since the journal counts on them.
   *
   * @throws the system's error, such as a full disk
   */
  write(finishedAt: string | null): void {
    const rejectedBytes = this.#rejected.write();
    this.#journal.write({ ...this.#ledger.state, rejectedBytes, finishedAt });
  }

  close(): void {
    this.#journal.close();
    this.#rejected.close();
  }
}

function openRejected(path: string, before: JournalState | undefined, again: boolean): RejectedFile {
  if (before && !again) return RejectedFile.reopen(path, before.rejectedBytes);
  // A file is another import's where the earlier one rejected nothing.
  if (before && (before.rejectedBytes > 0 || !before.finishedAt)) rmSync(path, { force: true });
  return RejectedFile.create(path);
}
