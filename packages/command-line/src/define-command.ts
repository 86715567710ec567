import type { Writable } from 'node:stream';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isUsageError, UsageError } from './errors.js';
import { Output, OutputClosed } from './output.js';
import { printable } from './printable.js';

type FlagDefinitions = NonNullable<ParseArgsConfig['options']>;

/** The command line, as `parseArgs` reads it. */
type Parsed<Flags extends FlagDefinitions> = ReturnType<
  typeof parseArgs<{ args: string[]; options: Flags; allowPositionals: boolean }>
>;

export interface CommandDefinition<Flags extends FlagDefinitions> {
  /** The help, for the name by which the command was called. */
  usage(name: string): string;
  readonly flags: Flags & { readonly help: { readonly type: 'boolean' } };
  /** @defaultValue false: flags only */
  readonly takesPositionals?: boolean;
  run(line: Parsed<Flags>, output: Output): Promise<void>;
}

/** How a command was called, and where it writes to. */
export interface CommandContext {
  readonly name: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** @returns the exit code: 0 success, 1 failure, 2 usage error. */
export type RunCommand = (args: readonly string[], context: CommandContext) => Promise<0 | 1 | 2>;

/** Makes a command of its flags, its help and its work: reads the arguments, shows help and errors, sets the exit code. */
export function defineCommand<const Flags extends FlagDefinitions>({
  usage,
  flags,
  takesPositionals = false,
  run,
}: CommandDefinition<Flags>): RunCommand {
  return async (args, { name, stdout, stderr }) => {
    const output = new Output(stdout);
    try {
      const line = parse(args, flags, takesPositionals);
      if ((line.values as { help?: boolean }).help) await output.write(usage(name));
      else await run(line, output);
      return 0;
    } catch (error) {
      if (error instanceof OutputClosed) return 0;
      stderr.write(`error: ${printable(error instanceof Error ? error.message : String(error))}\n`);
      if (!isUsageError(error)) return 1;
      stderr.write(`Try ${name} --help.\n`);
      return 2;
    }
  };
}

function parse<Flags extends FlagDefinitions>(
  args: readonly string[],
  options: Flags,
  allowPositionals: boolean,
): Parsed<Flags> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals }) as Parsed<Flags>;
  } catch (error) {
    // The sentences that Node adds are about arguments that begin with a dash.
    const [problem = ''] = (error as Error).message.split('. ');
    throw new UsageError(problem.replace(/^[A-Z]/, (first) => first.toLowerCase()));
  }
}
