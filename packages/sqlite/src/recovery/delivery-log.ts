import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { kindOfLane, laneOf } from '../file/schema.js';
import type { Store } from '../file/store.js';
import type { EndedRow } from '../memory/settled.js';

const pathOf = (path: string, holder: string): string => `${path}-answered-${holder}`;

/**
 * What was answered while the file could not be written, as when another process held its lock: a note beside the file,
 * since that needs no lock. It is gone as soon as the file knows it itself. Whoever takes over the shares of a process
 * that was killed reads it first.
 */
export class Notes {
  readonly #path: string;
  #isThere = false;

  constructor(path: string, holder: string) {
    this.#path = pathOf(path, holder);
  }

  add(rows: readonly EndedRow[]): void {
    if (rows.length === 0) return;
    this.#isThere = true;
    // A line of its own each, with an end: on a full disk one may be cut off.
    const lines = rows.map(({ share, kind, id }) => `\n${share.id} ${laneOf[kind]} ${id};`);
    try {
      appendFileSync(this.#path, lines.join(''), { mode: 0o600 });
    } catch {
      // The disk fails altogether, which the writer reports.
    }
  }

  /** The file knows it all. */
  clear(): void {
    if (!this.#isThere) return;
    this.#isThere = false;
    remove(this.#path);
  }
}

/** Takes out of the file what a process that is gone had noted beside it. */
export function takeOutNoted(store: Store, path: string, holder: string): void {
  for (const [, share, lane, id] of read(pathOf(path, holder)).matchAll(/^(\d+) (\d) (\d+);$/gm)) {
    const kind = kindOfLane(Number(lane));
    // Another one may have taken over some of them before, while that process stood still.
    if (store.isHeldBy(Number(share), holder)) store.takeOut(Number(share), kind, Number(id));
  }
}

/** Forgets the note of a process that is gone, once the file knows what is in it. */
export function forgetNoted(path: string, holder: string): void {
  remove(pathOf(path, holder));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Usually there is none.
    return '';
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What is in it is true for as long as it is there.
  }
}
