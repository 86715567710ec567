import type { AcceptedEntry, Entry, RefusedEntry, ReportEntry, RequestDetails } from '../protocol.js';

/** A request as it is kept; what is made of it only to be shown is left out. */
export interface KeptRequest extends Omit<RequestDetails, 'headers' | 'curl'> {
  /** JSON of the pairs of {@link RequestDetails}: a hundred thousand requests have as many strings, and not ten times. */
  readonly headers: string;
}

export type NewRequest = Omit<KeptRequest, 'id'>;
export type NewRequestEntry =
  | Omit<AcceptedEntry, 'seq' | 'requestId'>
  | Omit<RefusedEntry, 'seq' | 'requestId'>;
export type NewReportEntry = Omit<ReportEntry, 'seq'>;

export interface StoreLimits {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** What an object and its numbers take, about. */
const objectBytes = 200;

/**
 * What arrived, as far back as there is room: entries by their number, and the requests that brought them for as long
 * as an entry refers to them.
 */
export class Store {
  readonly limits: StoreLimits;
  readonly #onChange: () => void;
  readonly #entries = new Map<number, Entry>();
  readonly #requests = new Map<number, KeptRequest>();
  #bytes = 0;
  /** Nothing before it is kept. Counted, since a map takes long to find its first key where many were deleted. */
  #oldestSeq = 1;
  #lastSeq = 0;
  #lastRequestId = 0;
  #clearedUpTo = 0;

  constructor(limits: StoreLimits, onChange: () => void) {
    this.limits = limits;
    this.#onChange = onChange;
  }

  /** The number of the newest entry; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get lastRequestId(): number {
    return this.#lastRequestId;
  }

  /** Everything up to this one was forgotten on demand. */
  get clearedUpTo(): number {
    return this.#clearedUpTo;
  }

  addReports(entries: readonly NewReportEntry[]): void {
    for (const entry of entries) this.#keep({ ...entry, seq: this.#lastSeq + 1 });
    this.#change();
  }

  /** Keeps a request and what came of it. One of which nothing came, such as a ping, is not kept. */
  addRequest(request: NewRequest, entries: readonly NewRequestEntry[]): void {
    if (entries.length === 0) return;
    const requestId = this.#lastRequestId + 1;
    this.#keepRequest({ ...request, id: requestId });
    for (const entry of entries) this.#keep({ ...entry, requestId, seq: this.#lastSeq + 1 });
    this.#change();
  }

  /**
   * Puts back what an earlier run kept: its entries, oldest first.
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
      this.#forgetOldest();
    }
  }

  /** What came after an entry, oldest first, as far as it is still there. */
  entriesAfter(seq: number, max: number): Entry[] {
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
    this.#forgetOldest();
    this.#onChange();
  }

  #forgetOldest(): void {
    const { maxEntries, maxBytes } = this.limits;
    while (this.#entries.size > maxEntries || this.#bytes > maxBytes) {
      const seq = this.#oldestSeq++;
      const entry = this.#entries.get(seq);
      if (!entry) continue;
      this.#entries.delete(seq);
      this.#bytes -= bytesOf(entry);
      this.#forgetRequestOf(entry, this.#entries.get(seq + 1));
    }
  }

  /** The entries of a request follow one another, so it goes with the last of them. */
  #forgetRequestOf(entry: Entry, next: Entry | undefined): void {
    if (entry.type === 'report') return;
    if (next && next.type !== 'report' && next.requestId === entry.requestId) return;
    const request = this.#requests.get(entry.requestId);
    if (!request) return;
    this.#requests.delete(request.id);
    this.#bytes -= bytesOf(request);
  }
}

/** About what something takes in memory: two bytes a character at most. */
function bytesOf(value: object): number {
  let bytes = objectBytes;
  for (const part of Object.values(value)) {
    if (typeof part === 'string') bytes += part.length * 2;
    else if (typeof part === 'object' && part !== null) bytes += bytesOf(part);
  }
  return bytes;
}
