import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { CommandError } from './command-error.js';
import { addDevCommand } from './dev/command.js';
import { addDoctorCommand } from './doctor/command.js';
import { addEventsCommand } from './events/command.js';
import type { ExitCode } from './exit-code.js';
import { addImportCommand } from './import/command.js';
import { addInstalledCommand } from './installed/add-installed-command.js';
import { addPingCommand } from './ping/command.js';
import { printable } from './styles.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/**
 * Runs `successeve`.
 *
 * @returns the exit code: 0 done, 1 not possible or something found, 2 not understood.
 */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const finish = (code: ExitCode): void => {
    exitCode = code;
  };
  const program = new Command('successeve')
    .description('See what your application tells SuccessEve, and find what is wrong with the set-up.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Try successeve --help.')
    .addHelpText('after', '\nExit codes: 0 done, 1 not possible or something found, 2 not understood.\n');
  addDevCommand(program, finish);
  addPingCommand(program, finish);
  addImportCommand(program, finish);
  addDoctorCommand(program, finish);
  addEventsCommand(program, finish);
  addInstalledCommand(program, finish, {
    name: 'queue',
    summary: 'what waits in a queue on disk, and what was rejected',
    from: '@successeve/sqlite',
    exportedAs: 'queueCommand',
  });
  addInstalledCommand(program, finish, {
    name: 'relay',
    summary: 'takes what a fleet handed over to Redis to the API',
    from: '@successeve/bullmq',
    exportedAs: 'relayCommand',
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    return explain(error);
  }
  return exitCode;
}

function explain(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`error: ${printable(error.message)}\n`);
  return 1;
}
