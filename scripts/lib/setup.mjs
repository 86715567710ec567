import { Failure } from './failure.mjs';
import { progress } from './progress.mjs';
import { packageManager } from './repository.mjs';
import { run } from './run.mjs';

export const env = {
  // Nobody is there to answer a question of pnpm's.
  CI: 'true',
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
};

/** A command of the pnpm that package.json pins; nobody has to install it. @param {string[]} args */
function pnpm(...args) {
  return ['npx', '--yes', packageManager, ...args];
}

/** @param {AbortSignal} signal */
export function install(signal) {
  return step('Installing dependencies', pnpm('install', '--frozen-lockfile'), signal, adviseOnInstall);
}

/** A task of the packages; Turbo knows what is done already. @param {string[]} args */
export function turbo(...args) {
  // Through pnpm, which Turbo wants to find on PATH.
  return pnpm('exec', 'turbo', 'run', ...args);
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
    if (isOk) return;
    const advice = advise(output) || 'The reason is in the output above.';
    throw new Failure(`\n${output.trim()}\n\n${advice}\nTo try this step alone: ${command.join(' ')}\n`);
  });
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
