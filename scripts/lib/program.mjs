import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { Failure } from './failure.mjs';
import { machineNode } from './machine-node.mjs';

/** How long a program may take to start, to do what it is waited for, and to end. */
export const patienceMs = 10_000;

/** A program that runs on the machine's Node as a process of its own. Emits `line` for every line that it prints. */
export class Program extends EventEmitter {
  #child;
  #name;
  /** Resolves when the process has ended, by a signal or with a code. @type {Promise<string>} */
  ended;

  /**
   * @param {string} name as in a message
   * @param {readonly string[]} args
   * @param {string} cwd
   * @param {Record<string, string | undefined>} [env]
   */
  constructor(name, args, cwd, env = process.env) {
    super();
    this.#name = name;
    this.#child = spawn(machineNode, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      // Out of reach of the terminal's Ctrl-C: it is we who end it, once there is nothing more to see.
      detached: true,
    });
    this.ended = once(this.#child, 'exit').then(([code, signal]) => signal ?? `exit code ${code}`);
    process.once('exit', () => this.#child.kill('SIGKILL'));
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.emit('line', line));
  }

  /** Resolves when the program has emitted `ready`. */
  async ready() {
    const isReady = once(this, 'ready', { signal: AbortSignal.timeout(patienceMs) }).catch((cause) => {
      throw new Failure(`${this.#name} did not say that it is ready.`, { cause });
    });
    const ended = this.ended.then((how) => {
      throw new Failure(`${this.#name} ended before it was ready: ${how}.`);
    });
    await Promise.race([isReady, ended]);
  }

  /** Asks the process to end, and makes it if it does not. Returns what it ended by. */
  async stop() {
    this.#child.kill('SIGTERM');
    const killing = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    const how = await this.ended;
    clearTimeout(killing);
    return how;
  }
}
