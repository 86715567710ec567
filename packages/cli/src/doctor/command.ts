import { type Command, InvalidArgumentError } from 'commander';
import type { DoctorCommandOptions } from './run-doctor.js';

const help = `
Without a command it looks at the project in this folder: versions, settings, the files of Next, the token in the
repository. With one it starts the application, with an API on this machine in place of SuccessEve, and checks what
it reports while you click through it, or while --visit does.

Examples:
  successeve doctor
  successeve doctor -- npm run dev
  successeve doctor --visit http://localhost:3000/ --visit http://localhost:3000/login -- npm start
  successeve doctor --visit http://localhost:3000/ --cookie session=… -- npm start

Exit codes: 0 no errors, 1 errors, 2 usage error. Warnings alone exit with 0.
`;

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .summary('finds what is wrong with the setup of a project')
    .description('Finds what is wrong with the setup of a project, what is lost by it, and how to fix it.')
    .argument('[command...]', 'starts your application, such as npm run dev; after --')
    .option(
      '--visit <url>',
      'open this page as a browser does, and end after the last one; repeatable',
      readVisit,
    )
    .option(
      '--cookie <name=value>',
      'send this cookie with --visit, as a signed-in person; repeatable',
      readCookie,
    )
    .addHelpText('after', help)
    .action(async (started: readonly string[], options: DoctorCommandOptions, command: Command) => {
      if (options.visit && started.length === 0) {
        command.error('error: --visit needs the command that starts the application, after --');
      }
      if (options.cookie && !options.visit) command.error('error: --cookie needs --visit');
      const { runDoctor } = await import('./run-doctor.js');
      process.exitCode = await runDoctor(started, options);
    });
}

function readCookie(value: string, previous: readonly string[] = []): readonly string[] {
  if (!/^[^\s=;,]+=[^\s;,]*$/.test(value)) {
    throw new InvalidArgumentError('expected name=value, such as session=abc');
  }
  return [...previous, value];
}

function readVisit(value: string, previous: readonly URL[] = []): readonly URL[] {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) {
    throw new InvalidArgumentError('expected a URL such as http://localhost:3000/');
  }
  return [...previous, new URL(value)];
}
