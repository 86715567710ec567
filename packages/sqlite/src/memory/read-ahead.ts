import { type EventKind, eventKinds, type QueuedEvent, type QueueHost } from '@successeve/core/queue';
import type { Store } from '../file/store.js';
import type { QueueFile } from '../queue-file.js';
import { pageSize } from './lane.js';
import type { AdoptedEvent, Share } from './share.js';
import type { Shares } from './shares.js';

/** How many events of other processes are kept in memory at least: a batch is not larger. */
const minAdopted = 128;

/** Reads the next events from the file, a page at a time, when their turn comes. */
export class ReadAhead {
  readonly #file: QueueFile;
  readonly #shares: Shares;
  readonly #adopt: QueueHost['adopt'];

  constructor(file: QueueFile, shares: Shares, adopt: QueueHost['adopt']) {
    this.#file = file;
    this.#shares = shares;
    this.#adopt = adopt;
  }

  /** Takes the next event of a kind. Those of adopted shares are older than our own. */
  shift(kind: EventKind): QueuedEvent | undefined {
    for (const share of this.#shares.all) {
      const lane = share.lanes[kind];
      if (lane.atFront === 0 && lane.behind > 0) this.#fetch(share, kind);
      const event = lane.shift();
      if (event) return event;
    }
    return undefined;
  }

  /** Keeps enough events of adopted shares in memory for a batch: only those that were read count as waiting. */
  fetchAdopted(): void {
    let atFront = 0;
    for (const share of this.#shares.adopted) {
      for (const kind of eventKinds) {
        const lane = share.lanes[kind];
        if (atFront + lane.atFront < minAdopted && lane.behind > 0) this.#fetch(share, kind);
        atFront += lane.atFront;
      }
      if (atFront >= minAdopted) return;
    }
  }

  /** Reads a page of a lane. Where that fails, the file's retry asks again. */
  #fetch(share: Share, kind: EventKind): void {
    const { own, unwritten } = this.#shares;
    const { id } = share;
    const lane = share.lanes[kind];
    const page = (store: Store) => store.page(id, kind, lane.lastRowId, pageSize);
    const rows = id === 0 ? [] : this.#file.attempt('read', page);
    if (!rows) return;
    if (share === own) {
      for (const row of rows) lane.advance({ ...row, kind }, row.id);
      // Events that are not written yet are younger than all rows.
      for (const event of unwritten.after(kind, lane.lastRowId)) {
        if (lane.atFront >= pageSize) return;
        lane.advance(event, event.id);
      }
      return;
    }
    for (const row of rows) {
      const event: AdoptedEvent = { ...row, id: this.#adopt(), rowId: row.id, kind, share };
      lane.advance(event, row.id);
    }
    // The share's totals do not count each kind; a page that is not full ends the lane.
    lane.behind = rows.length < pageSize ? 0 : Math.max(1, lane.behind);
  }
}
