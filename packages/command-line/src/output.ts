import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** The reader of the output has gone, as in `… | head`: a reason to stop, and no failure. */
export class OutputClosed extends Error {}

/** The output of a command, written no faster than it is read. */
export class Output {
  readonly #stream: Writable;
  #isClosed = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', () => {
      this.#isClosed = true;
    });
  }

  /** @throws OutputClosed once the reader has gone */
  async write(text: string): Promise<void> {
    if (this.#isClosed) throw new OutputClosed();
    if (this.#stream.write(text)) return;
    await once(this.#stream, 'drain').catch(() => {
      throw new OutputClosed();
    });
  }
}
