import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import type { ExitCode } from './exit-code.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/**
 * Runs `successeve`.
 *
 * @returns the exit code: 0 done, 1 not possible or something found, 2 not understood.
 */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = new Command('successeve')
    .description('See what your application tells SuccessEve, and find what is wrong with the set-up.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Try successeve --help.');
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}
