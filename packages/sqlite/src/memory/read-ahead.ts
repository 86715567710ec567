import type { QueuedEvent, QueueHost } from '@successeve/core/queue';
import type { Disk } from '../file/disk.js';
import { kinds } from '../file/schema.js';
import type { EventRow, Kind } from '../file/store.js';
import type { AdoptedEvent, Share } from './share.js';
import { pageSize, type Shares } from './shares.js';

/** When more are fetched of what was taken over: a batch is no larger. */
const fewEvents = 128;

/** The events that come next. They are in memory, and behind them more are fetched from the file when their turn comes. */
export class Front {
  readonly #disk: Disk;
  readonly #shares: Shares;
  readonly #adopt: QueueHost['adopt'];

  constructor(disk: Disk, shares: Shares, adopt: QueueHost['adopt']) {
    this.#disk = disk;
    this.#shares = shares;
    this.#adopt = adopt;
  }

  /** Takes the next event of a kind: what was taken over is older than our own. */
  shift(kind: Kind): QueuedEvent | undefined {
    for (const share of this.#shares.adopted) {
      const event = this.#shiftFrom(share, kind);
      if (event) return event;
    }
    return this.#shiftFrom(this.#shares.own, kind);
  }

  /** Sees to it that enough for a batch of what was taken over is in memory, for as long as there is any. */
  fetchAdopted(): void {
    let atFront = 0;
    for (const share of this.#shares.adopted) {
      for (const kind of kinds) {
        const lane = share.lanes[kind];
        if (atFront + lane.atFront < fewEvents && lane.behind > 0) this.#fetch(share, kind);
        atFront += lane.atFront;
      }
      if (atFront >= fewEvents) return;
    }
  }

  #shiftFrom(share: Share, kind: Kind): QueuedEvent | undefined {
    const lane = share.lanes[kind];
    if (lane.atFront === 0 && lane.behind > 0) this.#fetch(share, kind);
    return share.shift(kind);
  }

  /** Brings a page of a lane from the file. */
  #fetch(share: Share, kind: Kind): void {
    const { id } = share;
    const after = share.lanes[kind].lastRowId;
    const rows = id === undefined ? [] : this.#disk.read((store) => store.page(id, kind, after, pageSize));
    // The disk tells when to ask again.
    if (rows === 'busy' || rows === 'failed') return;
    if (share === this.#shares.own) this.#takeOwn(kind, rows);
    else this.#takeAdopted(share, kind, rows);
  }

  #takeOwn(kind: Kind, rows: readonly EventRow[]): void {
    const { own, unwritten } = this.#shares;
    const lane = own.lanes[kind];
    const take = (event: QueuedEvent): void => {
      lane.append(event);
      lane.lastRowId = event.id;
      lane.behind--;
    };
    for (const row of rows) take({ ...row, kind });
    // What is not written yet is younger than all that is.
    for (const event of unwritten.after(kind, lane.lastRowId)) {
      if (lane.atFront >= pageSize) return;
      take(event);
    }
  }

  #takeAdopted(share: Share, kind: Kind, rows: readonly EventRow[]): void {
    const lane = share.lanes[kind];
    for (const row of rows) {
      const event: AdoptedEvent = { ...row, id: this.#adopt(), rowId: row.id, kind, share };
      lane.append(event);
      lane.lastRowId = row.id;
    }
    // The share's totals say how many there should be; a page that is not full says that there are no more.
    lane.behind = rows.length < pageSize ? 0 : Math.max(1, lane.behind - rows.length);
  }
}
