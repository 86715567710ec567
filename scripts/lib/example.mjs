import { once } from 'node:events';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { Program, patienceMs } from './program.mjs';
import { root, startCommand } from './repository.mjs';

/**
 * What the tracker made of a request, in its own words: a line that `debug` writes.
 *
 * @typedef {object} Outcome
 * @property {string} method
 * @property {string} path without the query
 * @property {number} status
 * @property {string} outcome `pageview`, or the reason why it is none
 */

/** An example. Emits `outcome` for every request that it answered. */
export class Example extends Program {
  /** Where it answers. */
  url = '';

  /**
   * Starts an example that sends what it tracks to an API.
   *
   * @param {string} name of its folder
   * @param {string} apiUrl
   */
  constructor(name, apiUrl) {
    // `node`, which is to be the machine's own, and what it runs.
    const [, ...args] = startCommand(name)?.split(' ') ?? [];
    const api = { SUCCESSEVE_API_TOKEN: 'anything', SUCCESSEVE_API_URL: apiUrl };
    super('The example', args, join(root, 'examples', name), { PORT: '0', ...process.env, ...api });
    this.on('line', (line) => this.#read(line));
  }

  /** Waits until the example says what became of its next request. @returns {Promise<Outcome>} */
  async nextOutcome() {
    const signal = AbortSignal.timeout(patienceMs);
    const [outcome] = await once(this, 'outcome', { signal }).catch((cause) => {
      throw new Failure('The example answered a request, but did not say what became of it.', { cause });
    });
    return outcome;
  }

  /** @param {string} line */
  #read(line) {
    const [, method, path, status, outcome] =
      /^\[successeve\] ([A-Z]+) (\S+?)(?: (\d+))?: (\w+)$/.exec(line) ?? [];
    // The second is what Next says by itself.
    const url = /^(?:Ready at|- Local:)\s+(\S+)$/.exec(line)?.[1];
    if (outcome) this.emit('outcome', { method, path, status: Number(status), outcome });
    else if (url) {
      this.url = url;
      this.emit('ready');
    } else if (!/^(?:\[successeve\] sent |▲ Next|- Network|✓ )/.test(line)) console.log(line);
  }
}
