import { once } from 'node:events';
import { get } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Program, patienceMs } from './program.mjs';
import { root } from './repository.mjs';

/** @import { Entry, Hello, StreamMessage } from '../../packages/cli/src/dev/protocol.js' */

const folder = join(root, 'packages', 'cli');

/** `successeve dev`, and what it tells whoever opens its page. Emits `entries` when there are more of them. */
export class DevApi extends Program {
  /** Where the API and its page are. */
  url = '';
  /** What arrived, as the page shows it. @type {Entry[]} */
  entries = [];

  /** @param {number} port 0 for any free one */
  constructor(port) {
    super('successeve dev', [join('dist', 'bin.mjs'), 'dev', '--quiet', '--port', String(port)], folder);
    this.on('line', (line) => {
      this.url ||= /^ +Page +(\S+)$/.exec(line)?.[1] ?? '';
      if (line.startsWith('Ready')) this.emit('ready');
    });
  }

  /** Begins to listen, as the page does. */
  async listen() {
    const [stream] = await once(get(`${this.url}/dev/stream`), 'response');
    const lines = createInterface({ input: stream });
    // It is cut off when the process ends.
    for (const ending of [stream, lines]) ending.on('error', () => {});
    lines.on('line', (line) => {
      if (!line.startsWith('data: ')) return;
      /** @type {StreamMessage} */
      const message = JSON.parse(line.slice('data: '.length));
      if (message.type !== 'entries') return;
      this.entries.push(...message.entries);
      this.emit('entries', message.entries);
    });
  }

  /** Waits until everything that has been answered is among the entries. */
  async told() {
    const answer = await fetch(`${this.url}/dev/hello`);
    const { newest } = /** @type {Hello} */ (await answer.json());
    await this.until(() => (this.entries.at(-1)?.seq ?? 0) >= newest);
  }

  /** Waits for more entries, until it is over; what does not come in time does not come. @param {() => boolean} isOver */
  async until(isOver) {
    const signal = AbortSignal.timeout(patienceMs);
    while (!isOver() && !signal.aborted) await once(this, 'entries', { signal }).catch(() => {});
  }
}
