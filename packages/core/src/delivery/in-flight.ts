/** Counts the requests under way, and the events in them. */
export class InFlight {
  #requests = 0;
  #events = 0;
  #onIdle: () => void = () => {};

  get requests(): number {
    return this.#requests;
  }

  get events(): number {
    return this.#events;
  }

  begin(events: number): void {
    this.#requests++;
    this.#events += events;
  }

  end(events: number): void {
    this.#requests--;
    this.#events -= events;
  }

  /** Resolves when no request is under way; `checkIdle` is called whenever one has ended and was dealt with. */
  idle(): Promise<void> {
    if (this.#requests === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  checkIdle(): void {
    if (this.#requests === 0) this.#onIdle();
  }
}
