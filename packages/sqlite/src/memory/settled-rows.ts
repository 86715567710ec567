/**
 * The rows of the settled events of a lane that are still in the file. Usually there are none. While the disk fails there
 * may be as many as the queue was long, so each takes two numbers: its id, and the size of its body.
 */
export class SettledRows {
  readonly #numbers: number[] = [];

  get isEmpty(): boolean {
    return this.#numbers.length === 0;
  }

  get ids(): Set<number> {
    return new Set(this.#numbers.filter((_, i) => i % 2 === 0));
  }

  push(id: number, bytes: number): void {
    this.#numbers.push(id, bytes);
  }

  /** The last rows, `limit` at most, the last one first: to remove those moves no others. */
  last(limit: number): { readonly id: number; readonly bytes: number }[] {
    const rows = [];
    for (let i = this.#numbers.length - 2; i >= 0 && rows.length < limit; i -= 2) {
      rows.push({ id: this.#numbers[i] as number, bytes: this.#numbers[i + 1] as number });
    }
    return rows;
  }

  pop(): void {
    this.#numbers.length -= 2;
  }
}
