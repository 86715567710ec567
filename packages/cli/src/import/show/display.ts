import type { WriteStream } from 'node:tty';
import { type Progress, progressLine, progressText } from './progress.js';

const drawEveryMs = 200;

/** How often a line is written where the output is not a terminal. */
const sayEveryMs = 10_000;

/** Shows the progress in a line that stays last; messages go above it. */
export class Display {
  readonly #stream: WriteStream;
  readonly #read: () => Progress;
  readonly #canDraw: boolean;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: WriteStream, read: () => Progress) {
    this.#stream = stream;
    this.#read = read;
    this.#canDraw = stream.isTTY === true && process.env.TERM !== 'dumb';
  }

  /** Starts drawing; the timer keeps the process alive until `stop`, also while the import waits for the budget. */
  start(): void {
    this.#timer = setInterval(() => this.#show(), this.#canDraw ? drawEveryMs : sayEveryMs);
    if (this.#canDraw) this.#show();
  }

  say(text: string): void {
    this.#clear();
    this.#stream.write(`${text}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#timer = undefined;
  }

  #show(): void {
    const progress = this.#read();
    if (!this.#canDraw) this.#stream.write(`${progressText(progress)}\n`);
    else this.#stream.write(`\r\u001b[K${progressLine(progress, (this.#stream.columns || 80) - 1)}`);
  }

  #clear(): void {
    if (this.#timer && this.#canDraw) this.#stream.write('\r\u001b[K');
  }
}
