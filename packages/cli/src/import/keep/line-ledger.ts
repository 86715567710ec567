import { type Line, numberOf, type Position } from '../read/line.js';

/** The numbers of the first and the last line, both included. */
export type LineRange = readonly [from: number, to: number];

export type Outcome = 'delivered' | 'rejected' | 'blank';

export type Counts = Readonly<Record<Outcome, number>>;

/** The state of a ledger, as the journal keeps it. */
export interface LedgerState {
  /** Where to resume: everything before it is settled. */
  readonly position: Position;
  /** The lines that are settled. Ranges may overlap. */
  readonly settled: readonly LineRange[];
  /** The bytes of the settled lines. */
  readonly bytes: number;
  readonly counts: Counts;
}

/** Accounts for every line of the file: each is settled exactly once. */
export class LineLedger {
  /** What an earlier run settled. */
  readonly #before: readonly LineRange[];
  readonly #counts: Record<Outcome, number>;
  #bytes: number;
  /** Lines that were read and not settled yet, in order. */
  readonly #open = new Map<number, Line>();
  #openBytes = 0;
  #readUpTo: Position;

  constructor({ position, settled, bytes, counts }: LedgerState) {
    this.#before = settled;
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
      settled: this.#settled(),
      bytes: this.#bytes,
      counts: { ...this.#counts },
    };
  }

  /** @returns whether it is still to be settled; an earlier run may have settled it. */
  read(line: Line): boolean {
    this.#readUpTo = line.end;
    const number = numberOf(line);
    if (this.#before.some(([from, to]) => from <= number && number <= to)) return false;
    this.#open.set(number, line);
    this.#openBytes += bytesOf(line);
    return true;
  }

  settle(line: Line, outcome: Outcome): void {
    if (!this.#open.delete(numberOf(line))) return;
    this.#openBytes -= bytesOf(line);
    this.#bytes += bytesOf(line);
    this.#counts[outcome]++;
  }

  /** The lines between the open ones, and those that an earlier run settled further on. */
  #settled(): readonly LineRange[] {
    const { lines } = this.#readUpTo;
    const ranges: LineRange[] = [];
    let from = 1;
    for (const open of [...this.#open.keys(), lines + 1]) {
      if (open > from) ranges.push([from, open - 1]);
      from = open + 1;
    }
    return [...ranges, ...this.#before.filter(([, to]) => to > lines)];
  }
}

function bytesOf({ start, end }: Line): number {
  return end.offset - start.offset;
}
