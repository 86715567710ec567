import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { Failure } from './failure.mjs';
import { progress } from './progress.mjs';
import { packageManager } from './repository.mjs';
import { run } from './run.mjs';

export const env = {
  // So that pnpm asks no questions.
  CI: 'true',
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/**
 * Installs the dependencies. From then on, the pnpm that package.json pins is on PATH, for us and for Turbo.
 *
 * @param {AbortSignal} signal
 */
export async function install(signal) {
  await progress(`Getting ${packageManager}`, () => bringPnpm(signal));
  await step('Installing dependencies', ['pnpm', 'install', '--frozen-lockfile'], signal, adviseOnInstall);
}

/** Once, since npx takes its time. @param {AbortSignal} signal */
async function bringPnpm(signal) {
  const args = ['--yes', `--package=${packageManager}`, '--', 'node', '-p', 'process.env.PATH'];
  try {
    // npx reads everything that is installed in the folder it starts in: seconds in this one, nothing in another.
    const { stdout } = await promisify(execFile)('npx', args, { cwd: tmpdir(), signal });
    process.env.PATH = stdout.trim();
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    throw signal.aborted
      ? cause
      : new Failure(`\n${message.trim()}\n\n${adviseOnInstall(message)}`, { cause });
  }
}

/** A task of the packages; Turbo knows what is done already. @param {string[]} args */
export function turbo(...args) {
  return ['pnpm', 'exec', 'turbo', 'run', ...args];
}

/**
 * One command under one line of progress; its output is shown only where it fails.
 *
 * @param {string} label
 * @param {readonly string[]} command
 * @param {AbortSignal} signal
 * @param {(output: string) => string} [advise]
 */
export async function step(label, command, signal, advise = () => '') {
  await progress(label, async () => {
    const { isOk, output } = await run(command, { signal, env });
    if (!isOk) throw failureOf(command, output, advise(output));
  });
}

/**
 * @param {readonly string[]} command
 * @param {string} output
 * @param {string} [advice]
 */
export function failureOf(command, output, advice) {
  // Who reads this need not have pnpm.
  const [program, ...args] = command;
  const alone = [program === 'pnpm' ? `npx ${packageManager}` : program, ...args].join(' ');
  return new Failure(
    `\n${output.trim()}\n\n${advice || 'The reason is in the output above.'}\nTo try this step alone: ${alone}\n`,
  );
}

/** @param {string} output */
function adviseOnInstall(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET|network/i.test(output)) {
    return 'The package registry could not be reached. Is this machine online? Is the registry right (npm config get registry)?';
  }
  if (output.includes('OUTDATED_LOCKFILE')) {
    return `pnpm-lock.yaml does not fit a package.json: run npx ${packageManager} install.`;
  }
  return '';
}
