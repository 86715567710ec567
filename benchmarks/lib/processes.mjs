import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..');

/** The core of what is measured, and that of everything around it. */
export const cores = { measured: 0, around: 1 };

/** Whether processes can be tied to a core each, so that they do not take time from one another. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;

/**
 * A command, tied to a core where the system allows.
 *
 * @param {number} core
 * @param {readonly string[]} command
 * @returns {string[]}
 */
export function pinned(core, command) {
  return canPin ? ['taskset', '-c', String(core), ...command] : [...command];
}

/** What has to end with us, however we do. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Has a process end with this one. @param {import('node:child_process').ChildProcess} child */
export function endWithUs(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/** Another process of the suite, which answers each message with one. */
export class Worker {
  #child;
  /** @type {Promise<unknown[]>} */
  #ended;

  /**
   * @param {string} file below `benchmarks/`
   * @param {{ core: number, env?: Record<string, string>, cwd?: string }} options
   */
  constructor(file, { core, env, cwd }) {
    const [execPath = '', ...rest] = pinned(core, [process.execPath, '--expose-gc']);
    const path = join(folder, file);
    // `fork` starts `execPath` with these arguments, which are the whole command where there is a `taskset`.
    this.#child = fork(path, { execPath, execArgv: rest, env: { ...process.env, ...env }, cwd });
    this.#ended = once(this.#child, 'exit');
    endWithUs(this.#child);
  }

  /**
   * Asks for something and resolves with the answer.
   *
   * @param {Record<string, unknown>} message
   * @returns {Promise<any>}
   */
  async ask(message) {
    const answer = once(this.#child, 'message');
    this.#child.send(message);
    const ended = this.#ended.then(([code, signal]) => {
      throw new Error(`a worker ended before it answered ${JSON.stringify(message)}: ${signal ?? code}`);
    });
    const [said] = await Promise.race([answer, ended]);
    if (said.error) throw new Error(said.error);
    return said;
  }

  async end() {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/**
 * Answers the parent's messages, in a worker.
 *
 * @param {(message: any) => unknown} handle
 */
export function answerWith(handle) {
  process.on('message', async (message) => {
    try {
      process.send?.((await handle(message)) ?? {});
    } catch (error) {
      process.send?.({ error: error instanceof Error ? error.stack : String(error) });
    }
  });
  process.once('disconnect', () => process.exit());
}
