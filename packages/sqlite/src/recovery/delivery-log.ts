import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { kindOfLane, laneOf } from '../file/schema.js';
import type { Store } from '../file/store.js';
import type { Identity } from '../identity.js';
import type { SettledRow } from '../memory/shares.js';

const pathOf = (path: string, holder: string): string => `${path}-answered-${holder}`;

/**
 * A file next to the queue's: the rows whose events were delivered while the queue's file could not be written, as when
 * another process held its lock. Writing it needs no lock. It is deleted as soon as the queue's file has caught up; after
 * a kill, the process that takes over the shares applies it.
 */
export class DeliveryLog {
  readonly #path: string;
  #exists = false;

  constructor({ path, holder }: Identity) {
    this.#path = pathOf(path, holder);
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

  delete(): void {
    if (!this.#exists) return;
    this.#exists = false;
    remove(this.#path);
  }
}

/** Removes the rows that a process that is gone had logged from the file. */
export function applyDeliveryLog(store: Store, path: string, holder: string): void {
  for (const [, share, lane, id] of read(pathOf(path, holder)).matchAll(/^(\d+) (\d) (\d+);$/gm)) {
    const row = { share: Number(share), kind: kindOfLane(Number(lane)), id: Number(id) };
    // While that process was frozen, a third one may have taken over some of its shares.
    if (!store.isHeldBy(holder, row.share)) continue;
    const bytes = store.bytesOf(row.share, row.kind, row.id);
    if (bytes !== undefined) store.remove(row.share, { ...row, bytes });
  }
}

/** Deletes the log of a process that is gone, once it was applied. */
export function deleteDeliveryLog(path: string, holder: string): void {
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
    // A log that stays is still correct.
  }
}
