import { rmSync, statSync } from 'node:fs';
import type { Identity } from '../identity.js';
import { filesOf, openDatabase } from './open-database.js';
import { Store } from './store.js';

/** The queue's file while it is open. */
export class OpenFile {
  readonly store: Store;
  readonly #path: string;
  /** Which files of the disk are open: the queue's, and its companions. */
  readonly #inodes: readonly (number | undefined)[];

  constructor(identity: Identity) {
    this.#path = identity.path;
    this.store = new Store(openDatabase(identity.path), identity);
    this.#inodes = filesOf(identity.path).map(inodeOf);
  }

  /** Whether other processes find this file at the path: it was neither deleted nor replaced. */
  get isInPlace(): boolean {
    return inodeOf(this.#path) === this.#inodes[0];
  }

  /** Removes the companions of a file that was deleted alone: SQLite would take them for those of a new file. */
  removeCompanions(): void {
    for (const [i, name] of filesOf(this.#path).entries()) {
      // Those of another process's new file are other ones.
      if (i > 0 && this.#inodes[i] !== undefined && inodeOf(name) === this.#inodes[i]) rmSync(name);
    }
  }

  close(): void {
    try {
      this.store.close();
    } catch {
      // Everything that counts was committed before.
    }
  }
}

export function inodeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ino;
  } catch {
    // The folder cannot be read; opening the file again will report why.
    return undefined;
  }
}
