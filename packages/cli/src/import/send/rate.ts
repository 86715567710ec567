/** One window of the budget: over less time the rate would jump between the limit and 0. */
const windowMs = 300_000;

const sampleEveryMs = 1000;

/** The rate at which a count rises, over the last five minutes. */
export class Rate {
  readonly #samples: { readonly at: number; readonly count: number }[];

  constructor(count: number, now: number) {
    this.#samples = [{ at: now, count }];
  }

  perSecond(count: number, now: number): number {
    const last = this.#samples.at(-1);
    if (last && now - last.at >= sampleEveryMs) this.#samples.push({ at: now, count });
    while (this.#samples.length > 1 && now - (this.#samples[1]?.at ?? now) >= windowMs) this.#samples.shift();
    const [first] = this.#samples;
    return first && now > first.at ? ((count - first.count) / (now - first.at)) * 1000 : 0;
  }
}
