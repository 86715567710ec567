import type { AcceptedEntry, Entry, RejectedEntry, ReportEntry, RequestDetails } from '../protocol.js';

export interface KeptRequest extends Omit<RequestDetails, 'headers' | 'curl'> {
  /** JSON of the pairs in {@link RequestDetails}: one string for each request takes less memory than twenty. */
  readonly headers: string;
}

export type NewRequest = Omit<KeptRequest, 'id'>;
export type NewRequestEntry =
  | Omit<AcceptedEntry, 'seq' | 'requestId'>
  | Omit<RejectedEntry, 'seq' | 'requestId'>;
export type NewReportEntry = Omit<ReportEntry, 'seq'>;

/** The approximate size of an object and its numbers. */
const objectBytes = 200;

/**
 * The newest entries, as many as there is room for, and their requests for as long as an entry refers to them.
 */
export class Store {
  readonly maxEntries: number;
  readonly #maxBytes: number;
  readonly #onChange: () => void;
  readonly #entries = new Map<number, Entry>();
  readonly #requests = new Map<number, KeptRequest>();
  #bytes = 0;
  /** The oldest entry that is kept. A map takes long to find its first key after many deletions. */
  #oldestSeq = 1;
  #lastSeq = 0;
  #lastRequestId = 0;
  #clearedUpTo = 0;

  constructor(maxEntries: number, maxBytes: number, onChange: () => void) {
    this.maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#onChange = onChange;
  }

  /** The number of the newest entry; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get lastRequestId(): number {
    return this.#lastRequestId;
  }

  /** Everything up to this number was cleared. */
  get clearedUpTo(): number {
    return this.#clearedUpTo;
  }

  addReports(entries: readonly NewReportEntry[]): void {
    for (const entry of entries) this.#keep({ ...entry, seq: this.#lastSeq + 1 });
    this.#change();
  }

  /** Keeps a request and its entries. A request without entries, such as a ping, is not kept. */
  addRequest(request: NewRequest, entries: readonly NewRequestEntry[]): void {
    if (entries.length === 0) return;
    const requestId = this.#lastRequestId + 1;
    this.#keepRequest({ ...request, id: requestId });
    for (const entry of entries) this.#keep({ ...entry, requestId, seq: this.#lastSeq + 1 });
    this.#change();
  }

  /**
   * Restores the entries of an earlier run, oldest first.
   *
   * @param requestOf - finds the request of an entry
   */
  restore(entries: Iterable<Entry>, requestOf: (requestId: number) => KeptRequest | undefined): void {
    for (const entry of entries) {
      if (entry.type !== 'report' && entry.requestId > this.#lastRequestId) {
        const request = requestOf(entry.requestId);
        if (request) this.#keepRequest(request);
        this.#lastRequestId = entry.requestId;
      }
      this.#keep(entry);
      this.#deleteOldest();
    }
  }

  /** The entries after a number, oldest first. */
  entriesAfter(seq: number, max: number = Number.POSITIVE_INFINITY): Entry[] {
    const found: Entry[] = [];
    for (let next = Math.max(seq + 1, this.#oldestSeq); next <= this.#lastSeq && found.length < max; next++) {
      const entry = this.#entries.get(next);
      if (entry) found.push(entry);
    }
    return found;
  }

  request(id: number): KeptRequest | undefined {
    return this.#requests.get(id);
  }

  clear(): void {
    this.#entries.clear();
    this.#requests.clear();
    this.#bytes = 0;
    this.#oldestSeq = this.#lastSeq + 1;
    this.#clearedUpTo = this.#lastSeq;
    this.#onChange();
  }

  #keepRequest(request: KeptRequest): void {
    this.#requests.set(request.id, request);
    this.#lastRequestId = request.id;
    this.#bytes += bytesOf(request);
  }

  #keep(entry: Entry): void {
    this.#entries.set(entry.seq, entry);
    this.#lastSeq = entry.seq;
    this.#bytes += bytesOf(entry);
  }

  #change(): void {
    this.#deleteOldest();
    this.#onChange();
  }

  #deleteOldest(): void {
    while (this.#entries.size > this.maxEntries || this.#bytes > this.#maxBytes) {
      const seq = this.#oldestSeq++;
      const entry = this.#entries.get(seq);
      if (!entry) continue;
      this.#entries.delete(seq);
      this.#bytes -= bytesOf(entry);
      this.#deleteRequestOf(entry, this.#entries.get(seq + 1));
    }
  }

  /** The entries of a request are consecutive: it is deleted with the last one. */
  #deleteRequestOf(entry: Entry, next: Entry | undefined): void {
    if (entry.type === 'report') return;
    if (next && next.type !== 'report' && next.requestId === entry.requestId) return;
    const request = this.#requests.get(entry.requestId);
    if (!request) return;
    this.#requests.delete(request.id);
    this.#bytes -= bytesOf(request);
  }
}

/** The approximate size in memory, with two bytes a character. */
function bytesOf(value: object): number {
  let bytes = objectBytes;
  for (const part of Object.values(value)) {
    if (typeof part === 'string') bytes += part.length * 2;
    else if (typeof part === 'object' && part !== null) bytes += bytesOf(part);
  }
  return bytes;
}
