import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CommandError, type ExitCode } from '@successeve/command-line';
import type { Command } from 'commander';

/** The function that a package exports in `./command`. */
type RunInstalled = (args: readonly string[], options: { readonly name: string }) => Promise<ExitCode>;

/**
 * Adds a command of another package, in the version that the project has installed. It reads its arguments and shows
 * its help itself.
 *
 * @param from - the package, which exports `queueCommand` for the name `queue`
 */
export function addInstalledCommand(program: Command, name: string, summary: string, from: string): void {
  program
    .command(name)
    .summary(`${summary} (with ${from})`)
    .argument('[arguments...]')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: readonly string[]) => {
      const isHelp = args.some((arg) => arg === '--help' || arg === '-h');
      const run = load(from, isHelp)?.[`${name}Command`] as RunInstalled | undefined;
      if (run) process.exitCode = await run(args, { name: `successeve ${name}` });
      else process.stdout.write(`successeve ${name}: ${summary}\n\nIt ${howToInstall(from)}\n`);
    });
}

/**
 * @returns undefined where the package is not installed and optional.
 * @throws CommandError where it is not installed.
 */
function load(from: string, isOptional: boolean): Record<string, unknown> | undefined {
  const project = createRequire(join(process.cwd(), 'package.json'));
  try {
    return project(`${from}/command`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    if (isOptional) return undefined;
    throw new CommandError(`this ${howToInstall(from)}`);
  }
}

function howToInstall(from: string): string {
  return `needs ${from}, which is not installed in ${process.cwd()}: npm install ${from}, or run it where your application is`;
}
