import { createRequire } from 'node:module';
import { CommandError, type ExitCode, isUsageError, printable, UsageError } from '@successeve/command-line';
import { Command, CommanderError } from 'commander';
import { inOptionNames } from './api-options.js';
import { addDevCommand } from './dev/command.js';
import { addDoctorCommand } from './doctor/command.js';
import { addEventsCommand } from './events/command.js';
import { addImportCommand } from './import/command.js';
import { addInstalledCommand } from './installed/add-installed-command.js';
import { addPingCommand } from './ping/command.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Runs `successeve`, and sets the exit code: 0 success, 1 failure or findings, 2 usage error. */
export async function runProgram(args: readonly string[]): Promise<void> {
  const program = new Command('successeve')
    .description('See what your application sends to SuccessEve, and find what is wrong with its setup.')
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(withoutValue(text)) })
    .showHelpAfterError('Try successeve --help.')
    .addHelpText('after', '\nExit codes: 0 success, 1 failure or findings, 2 usage error.\n');
  addDevCommand(program);
  addPingCommand(program);
  addImportCommand(program);
  addDoctorCommand(program);
  addEventsCommand(program);
  const queue = 'shows what waits in a queue on disk, and what was rejected';
  addInstalledCommand(program, 'queue', queue, '@successeve/sqlite');
  const relay = 'sends the events of a fleet from Redis to the API';
  addInstalledCommand(program, 'relay', relay, '@successeve/bullmq');
  for (const command of program.commands) {
    command.showHelpAfterError(`Try successeve ${command.name()} --help.`);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = explain(error, args[0]);
  }
}

/** Removes the value of an unknown option, which may be a secret. */
function withoutValue(text: string): string {
  const option = /^error: unknown option '(-[^'=]*)/.exec(text)?.[1];
  if (option === undefined) return text;
  return /^--(api-?)?token$/i.test(option)
    ? 'error: the token is not an option, since other users of a machine can read options: set SUCCESSEVE_API_TOKEN, or use --token-stdin\n'
    : text.replace(/=.*'/s, "'");
}

function explain(error: unknown, command: string | undefined): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isUsageError(error)) {
    const message = error instanceof UsageError ? error.message : inOptionNames(error.message);
    process.stderr.write(`error: ${message}\nTry successeve ${command} --help.\n`);
    return 2;
  }
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`error: ${printable(error.message)}\n`);
  return 1;
}
