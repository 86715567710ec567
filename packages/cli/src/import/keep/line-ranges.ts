/** First and last, both included. */
export type LineRange = readonly [from: number, to: number];

/** A set of line numbers, most of them consecutive. */
export class LineRanges {
  readonly #ranges: [from: number, to: number][];

  constructor(ranges: readonly LineRange[] = []) {
    this.#ranges = ranges.map(([from, to]) => [from, to]);
  }

  /** In order, and never adjacent. */
  get ranges(): readonly LineRange[] {
    return this.#ranges;
  }

  has(line: number): boolean {
    const range = this.#ranges[this.#indexBefore(line)];
    return range !== undefined && line <= range[1];
  }

  add(line: number): void {
    if (this.has(line)) return;
    const at = this.#indexBefore(line);
    const [before, after] = [this.#ranges[at], this.#ranges[at + 1]];
    const joinsBefore = before?.[1] === line - 1;
    const joinsAfter = after?.[0] === line + 1;
    if (before && after && joinsBefore && joinsAfter) {
      before[1] = after[1];
      this.#ranges.splice(at + 1, 1);
    } else if (before && joinsBefore) before[1] = line;
    else if (after && joinsAfter) after[0] = line;
    else this.#ranges.splice(at + 1, 0, [line, line]);
  }

  /** The index of the last range that begins at or before a line. */
  #indexBefore(line: number): number {
    return this.#ranges.findLastIndex(([from]) => from <= line);
  }
}
