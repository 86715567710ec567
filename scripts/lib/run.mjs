import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { Failure } from './failure.mjs';
import { hasColours } from './paint.mjs';
import { root } from './repository.mjs';

/**
 * @typedef {object} RunOptions
 * @property {AbortSignal} signal stops the command and everything it started
 * @property {Record<string, string>} [env] beside our own
 * @property {boolean} [isVisible] whether the output goes to the terminal instead of the result
 */

/**
 * Runs a command at the root of the repository.
 *
 * @param {readonly string[]} command
 * @param {RunOptions} options
 * @returns {Promise<{ isOk: boolean, output: string }>}
 */
export async function run([file = '', ...args], { signal, env, isVisible = false }) {
  signal.throwIfAborted();
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...(hasColours ? {} : { NO_COLOR: '1' }), ...env },
    stdio: isVisible ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that what it started ends with it.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const stop = () => {
    try {
      if (child.pid) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has just ended by itself.
    }
  };
  signal.addEventListener('abort', stop);
  try {
    /** @type {number | null} */
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    signal.throwIfAborted();
    // Biome paints in any case.
    return { isOk: code === 0, output: hasColours ? output : stripVTControlCharacters(output) };
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Failure(`${file} could not be started. Is it installed? (${cause})`, { cause });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
