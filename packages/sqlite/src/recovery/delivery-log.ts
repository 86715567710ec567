import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { kindOfLane, laneOf } from '../file/schema.js';
import type { Store } from '../file/store.js';
import type { Identity } from '../identity.js';
import type { SettledRow } from '../memory/shares.js';

/**
 * A file next to the queue's: the rows whose events were delivered while the queue's file could not be written, as when
 * another process held its lock. Writing it needs no lock. It is deleted as soon as the queue's file has caught up; after
 * a kill, the process that takes over the shares applies it.
 */
export class DeliveryLog {
  readonly #path: string;
  readonly #holder: string;
  #exists = false;

  constructor({ path, holder }: Identity) {
    this.#path = `${path}-answered-${holder}`;
    this.#holder = holder;
  }

  append(rows: readonly SettledRow[]): void {
    if (rows.length === 0) return;
    this.#exists = true;
    // Each on its own line, with an end mark: a full disk may cut the last one off.
    const lines = rows.map(({ share, kind, id }) => `\n${share.id} ${laneOf[kind]} ${id};`);
    try {
      appendFileSync(this.#path, lines.join(''), { mode: 0o600 });
    } catch {
      // The whole disk fails, which the writer reports.
    }
  }

  /** Removes from the file the rows that a process that is gone had logged. */
  applyTo(store: Store): void {
    for (const [line] of this.#read().matchAll(/^\d+ \d \d+(?=;$)/gm)) {
      const [share = 0, lane = 0, id = 0] = line.split(' ').map(Number);
      // While that process was frozen, a third one may have taken over some of its shares.
      if (!store.isHeld(share, this.#holder)) continue;
      const kind = kindOfLane(lane);
      const [row] = store.page(share, kind, id - 1, 1);
      if (row?.id === id) store.remove(share, { ...row, kind });
    }
  }

  delete(): void {
    if (!this.#exists) return;
    this.#exists = false;
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // A log that stays is still correct.
    }
  }

  #read(): string {
    try {
      const text = readFileSync(this.#path, 'utf8');
      this.#exists = true;
      return text;
    } catch {
      // Usually there is none.
      return '';
    }
  }
}
