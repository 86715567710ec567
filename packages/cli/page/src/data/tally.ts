/** Counts how often each value occurs. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(value: string | undefined): void {
    if (value !== undefined) this.#counts.set(value, this.countOf(value) + 1);
  }

  remove(value: string | undefined): void {
    if (value === undefined) return;
    const count = this.countOf(value) - 1;
    if (count > 0) this.#counts.set(value, count);
    else this.#counts.delete(value);
  }

  get size(): number {
    return this.#counts.size;
  }

  countOf(value: string): number {
    return this.#counts.get(value) ?? 0;
  }

  /** The most frequent values, in alphabetical order, so that they do not change places while they are counted. */
  top(most: number): readonly (readonly [value: string, count: number])[] {
    const top: [string, number][] = [];
    let least = 0;
    for (const [value, count] of this.#counts) {
      if (top.length >= most && count <= least) continue;
      top.push([value, count]);
      if (top.length < most * 4) continue;
      keepMostFrequent(top, most);
      least = top.at(-1)?.[1] ?? 0;
    }
    keepMostFrequent(top, most);
    return top.sort(([one], [other]) => one.localeCompare(other));
  }
}

function keepMostFrequent(top: [string, number][], most: number): void {
  top.sort(([, one], [, other]) => other - one);
  top.length = Math.min(top.length, most);
}
