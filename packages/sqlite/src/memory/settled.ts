import type { TrackingError } from '@successeve/core';
import { type EventKind, eventKinds, type QueuedEvent } from '@successeve/core/queue';
import { forEachKind } from '../file/schema.js';
import type { Share } from './share.js';

/** A row that has to leave the file: its event was settled. */
export interface SettledRow {
  readonly share: Share;
  readonly kind: EventKind;
  readonly id: number;
  /** The size of its body. */
  readonly bytes: number;
}

/** A rejected event, for the file's list of those. */
export interface Rejection {
  readonly event: QueuedEvent;
  readonly error: TrackingError;
}

/** The part that one transaction writes. */
export interface SettledChunk {
  readonly rows: readonly SettledRow[];
  readonly rejections: readonly Rejection[];
}

/** Most rejected events in memory while the disk fails; older ones are not listed. Our choice: they have bodies. */
const maxRejections = 1000;

/**
 * The settled events that are still in the file. Usually there are none. While the disk fails there may be as many as
 * the queue was long, so each takes two numbers: the id of its row, and the size of its body.
 */
export class Settled {
  readonly #numbers = new Map<Share, Record<EventKind, number[]>>();
  #rejections: Rejection[] = [];

  get isEmpty(): boolean {
    return this.#numbers.size === 0 && this.#rejections.length === 0;
  }

  /** Whether it has rows of a share. */
  has(share: Share): boolean {
    return this.#numbers.has(share);
  }

  add({ share, kind, id, bytes }: SettledRow): void {
    let lanes = this.#numbers.get(share);
    if (!lanes) {
      lanes = forEachKind(() => []);
      this.#numbers.set(share, lanes);
    }
    lanes[kind].push(id, bytes);
  }

  reject(event: QueuedEvent, error: TrackingError): void {
    if (this.#rejections.push({ event, error }) > maxRejections) this.#rejections.shift();
  }

  /** The ids of the rows of a share and a kind. */
  *idsOf(share: Share, kind: EventKind): Generator<number> {
    const numbers = this.#numbers.get(share)?.[kind] ?? [];
    for (let i = 0; i < numbers.length; i += 2) yield numbers[i] as number;
  }

  /** Drops the rows of a share, which the file no longer has, or another process took over. */
  deleteShare(share: Share): void {
    this.#numbers.delete(share);
  }

  /** Takes the part that the next transaction writes. */
  take(limit: number): SettledChunk {
    const rows: SettledRow[] = [];
    for (const [share, lanes] of this.#numbers) {
      for (const kind of eventKinds) {
        // From the end, since that moves no others.
        const from = Math.max(0, lanes[kind].length - 2 * (limit - rows.length));
        const numbers = lanes[kind].splice(from);
        for (let i = 0; i < numbers.length; i += 2) {
          rows.push({ share, kind, id: numbers[i] as number, bytes: numbers[i + 1] as number });
        }
      }
      if (eventKinds.every((kind) => lanes[kind].length === 0)) this.#numbers.delete(share);
      if (rows.length === limit) break;
    }
    return { rows, rejections: this.#rejections.splice(0) };
  }

  /** Takes a part back that could not be written. */
  putBack({ rows, rejections }: SettledChunk): void {
    for (const row of rows) this.add(row);
    this.#rejections = [...rejections, ...this.#rejections];
  }
}
