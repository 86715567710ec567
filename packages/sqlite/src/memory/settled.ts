import type { TrackingError } from '@successeve/core';
import type { QueuedEvent } from '@successeve/core/queue';
import { forEachKind, kinds } from '../file/schema.js';
import type { Kind } from '../file/store.js';
import type { Share } from './share.js';

/** A row that has to leave the file: its event has come to its end. */
export interface EndedRow {
  readonly share: Share;
  readonly kind: Kind;
  readonly id: number;
  /** The size of its body. */
  readonly bytes: number;
}

/** An event that was refused for good, for the file's list of those. */
export interface Rejection {
  readonly event: QueuedEvent;
  readonly error: TrackingError;
}

/** What one transaction writes of it. */
export interface EndedChunk {
  readonly rows: readonly EndedRow[];
  readonly rejections: readonly Rejection[];
}

/** Refused events that wait for a disk that fails; what is older is not listed. Our choice: they have bodies. */
const maxRejections = 1000;

/**
 * What came to its end, and the file does not know yet. Usually that is nothing. While the disk fails it may be as
 * much as the queue was long, so it is no events but two numbers for each: the id of its row, and the size of its body.
 */
export class Ended {
  readonly #numbers = new Map<Share, Record<Kind, number[]>>();
  #rejections: Rejection[] = [];

  get isEmpty(): boolean {
    return this.#numbers.size === 0 && this.#rejections.length === 0;
  }

  /** Whether rows of a share are among it. */
  has(share: Share): boolean {
    return this.#numbers.has(share);
  }

  remove({ share, kind, id, bytes }: EndedRow): void {
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

  /** The rows of a share and a kind. */
  *idsOf(share: Share, kind: Kind): Generator<number> {
    const numbers = this.#numbers.get(share)?.[kind] ?? [];
    for (let i = 0; i < numbers.length; i += 2) yield numbers[i] as number;
  }

  /** The file no longer has them, or somebody else answers for a share by now. */
  forget(share: Share): void {
    this.#numbers.delete(share);
  }

  /** Takes what the next transaction writes. */
  take(limit: number): EndedChunk {
    const rows: EndedRow[] = [];
    for (const [share, lanes] of this.#numbers) {
      for (const kind of kinds) {
        // The last ones, since that moves no others.
        const from = Math.max(0, lanes[kind].length - 2 * (limit - rows.length));
        const numbers = lanes[kind].splice(from);
        for (let i = 0; i < numbers.length; i += 2) {
          rows.push({ share, kind, id: numbers[i] as number, bytes: numbers[i + 1] as number });
        }
      }
      if (kinds.every((kind) => lanes[kind].length === 0)) this.#numbers.delete(share);
      if (rows.length === limit) break;
    }
    return { rows, rejections: this.#rejections.splice(0) };
  }

  /** It could not be written. */
  putBack({ rows, rejections }: EndedChunk): void {
    for (const row of rows) this.remove(row);
    this.#rejections = [...rejections, ...this.#rejections];
  }
}
