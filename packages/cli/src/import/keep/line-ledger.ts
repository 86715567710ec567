import { type Line, numberOf, type Position } from '../read/line.js';
import { type LineRange, LineRanges } from './line-ranges.js';

/** How a line was settled. */
export type Outcome = 'delivered' | 'rejected' | 'blank';

/** The number of lines with each outcome. */
export type Counts = Readonly<Record<Outcome, number>>;

/** The state of a ledger, as the journal keeps it. */
export interface LedgerState {
  /** Where to resume: everything before it is settled. */
  readonly position: Position;
  /** The lines that are settled. */
  readonly settled: readonly LineRange[];
  /** The bytes of the settled lines. */
  readonly bytes: number;
  readonly counts: Counts;
}

/** Accounts for every line of the file: each is settled exactly once. */
export class LineLedger {
  readonly #settled: LineRanges;
  readonly #counts: Record<Outcome, number>;
  #bytes: number;
  /** Lines that were read and not settled yet, in order. */
  readonly #open = new Map<number, Line>();
  #openBytes = 0;
  #readUpTo: Position;

  constructor({ position, settled, bytes, counts }: LedgerState) {
    this.#settled = new LineRanges(settled);
    this.#counts = { ...counts };
    this.#bytes = bytes;
    this.#readUpTo = position;
  }

  static begin(position: Position): LineLedger {
    return new LineLedger({
      position,
      settled: [],
      bytes: position.offset,
      counts: { delivered: 0, rejected: 0, blank: 0 },
    });
  }

  get counts(): Counts {
    return this.#counts;
  }

  get lines(): number {
    return this.#counts.delivered + this.#counts.rejected + this.#counts.blank;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The place up to which the file was read. */
  get readUpTo(): Position {
    return this.#readUpTo;
  }

  /** The number of lines in memory, and their bytes in the file. */
  get open(): { readonly lines: number; readonly bytes: number } {
    return { lines: this.#open.size, bytes: this.#openBytes };
  }

  get state(): LedgerState {
    const [first] = this.#open.values();
    return {
      position: first?.start ?? this.#readUpTo,
      settled: this.#settled.ranges.map(([from, to]) => [from, to]),
      bytes: this.#bytes,
      counts: { ...this.#counts },
    };
  }

  /**
   * Adds a line that was read.
   *
   * @returns whether it is still to be settled; an earlier run may have settled it.
   */
  read(line: Line): boolean {
    this.#readUpTo = line.end;
    if (this.#settled.has(numberOf(line))) return false;
    this.#open.set(numberOf(line), line);
    this.#openBytes += bytesOf(line);
    return true;
  }

  settle(line: Line, outcome: Outcome): void {
    if (!this.#open.delete(numberOf(line))) return;
    this.#openBytes -= bytesOf(line);
    this.#bytes += bytesOf(line);
    this.#settled.add(numberOf(line));
    this.#counts[outcome]++;
  }
}

function bytesOf({ start, end }: Line): number {
  return end.offset - start.offset;
}
