import { type Line, numberOf, type Position } from '../read/line.js';
import { type LineRange, LineRanges } from './line-ranges.js';

/** What becomes of a line. */
export type Outcome = 'delivered' | 'rejected' | 'blank';

/** How many lines had each outcome. */
export type Counts = Readonly<Record<Outcome, number>>;

/** An account as a journal keeps it. */
export interface AccountState {
  /** Where to go on: everything before it is settled. */
  readonly position: Position;
  /** The lines that are settled. */
  readonly settled: readonly LineRange[];
  /** How many bytes of the file those are. */
  readonly bytes: number;
  readonly counts: Counts;
}

/** The account of every line of the file: each is settled once, whatever its outcome. */
export class Account {
  readonly #settled: LineRanges;
  readonly #counts: Record<Outcome, number>;
  #bytes: number;
  /** Lines that were read and are not settled yet, in order. */
  readonly #open = new Map<number, Line>();
  #openBytes = 0;
  #readUpTo: Position;

  constructor({ position, settled, bytes, counts }: AccountState) {
    this.#settled = new LineRanges(settled);
    this.#counts = { ...counts };
    this.#bytes = bytes;
    this.#readUpTo = position;
  }

  static begin(position: Position): Account {
    return new Account({
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

  /** How far the file was read. */
  get readUpTo(): Position {
    return this.#readUpTo;
  }

  /** How many lines are held in memory, and their bytes in the file. */
  get open(): { readonly lines: number; readonly bytes: number } {
    return { lines: this.#open.size, bytes: this.#openBytes };
  }

  get state(): AccountState {
    const [first] = this.#open.values();
    return {
      position: first?.start ?? this.#readUpTo,
      settled: this.#settled.ranges.map(([from, to]) => [from, to]),
      bytes: this.#bytes,
      counts: { ...this.#counts },
    };
  }

  /**
   * Takes in a line that was read.
   *
   * @returns whether it is still to be settled; an earlier run may have done so.
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
