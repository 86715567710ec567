import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from './failure.mjs';
import { machineNode } from './machine-node.mjs';
import { root, startCommand } from './repository.mjs';

/** How long an example may take to start, to say what became of a request, and to end. */
const patienceMs = 10_000;

/**
 * What the tracker made of a request, in its own words: a line that `debug` writes.
 *
 * @typedef {object} Outcome
 * @property {string} method
 * @property {string} path without the query
 * @property {number} status
 * @property {string} outcome `pageview`, or the reason why it is none
 */

/** An example that runs as a process of its own. Emits `outcome` for every request that it answered. */
export class Example extends EventEmitter {
  #child;
  /** Where it answers. */
  url = '';
  /** Resolves when the process has ended, by a signal or with a code. @type {Promise<string>} */
  ended;

  /**
   * Starts an example that sends what it tracks to an API.
   *
   * @param {string} name of its folder
   * @param {{ token: string, url: string }} api
   */
  constructor(name, { token, url }) {
    super();
    // `node`, which is to be the machine's own, and what it runs.
    const [, ...args] = startCommand(name)?.split(' ') ?? [];
    this.#child = spawn(machineNode, args, {
      cwd: join(root, 'examples', name),
      env: { PORT: '0', ...process.env, SUCCESSEVE_API_TOKEN: token, SUCCESSEVE_API_URL: url },
      stdio: ['ignore', 'pipe', 'inherit'],
      // Out of reach of the terminal's Ctrl-C: it is we who end it, once there is nothing more to see.
      detached: true,
    });
    this.ended = once(this.#child, 'exit').then(([code, signal]) => signal ?? `exit code ${code}`);
    process.once('exit', () => this.#child.kill('SIGKILL'));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#read(line));
  }

  /** Resolves when the example answers at `url`. */
  async ready() {
    const isReady = once(this, 'ready', { signal: AbortSignal.timeout(patienceMs) }).catch((cause) => {
      throw new Failure('The example did not say that it is ready.', { cause });
    });
    const ended = this.ended.then((how) => {
      throw new Failure(`The example ended before it was ready: ${how}.`);
    });
    await Promise.race([isReady, ended]);
  }

  /** Waits until the example says what became of its next request. @returns {Promise<Outcome>} */
  async nextOutcome() {
    const signal = AbortSignal.timeout(patienceMs);
    const [outcome] = await once(this, 'outcome', { signal }).catch((cause) => {
      throw new Failure('The example answered a request, but did not say what became of it.', { cause });
    });
    return outcome;
  }

  /** Asks the process to end, and makes it if it does not. Returns what it ended by. */
  async stop() {
    this.#child.kill('SIGTERM');
    const killing = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    const how = await this.ended;
    clearTimeout(killing);
    return how;
  }

  /** @param {string} line */
  #read(line) {
    const [, method, path, status, outcome] = /^\[successeve\] ([A-Z]+) (\S+) (\d+): (\w+)$/.exec(line) ?? [];
    // The second is what Next says by itself.
    const url = /^(?:Ready at|- Local:)\s+(\S+)$/.exec(line)?.[1];
    if (outcome) this.emit('outcome', { method, path, status: Number(status), outcome });
    else if (url) {
      this.url = url;
      this.emit('ready');
    } else if (!/^(?:\[successeve\] sent |▲ Next|- Network|✓ )/.test(line)) console.log(line);
  }
}
