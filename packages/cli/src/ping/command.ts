import type { Command } from 'commander';
import type { ApiOptions } from '../api-options.js';

const help = `
The token is read from SUCCESSEVE_API_TOKEN, or from the standard input with --token-stdin. It is not an option, since
other users of a machine can read the arguments of a command. It is never printed.

Examples:
  SUCCESSEVE_API_TOKEN=… successeve ping
  successeve ping --token-stdin < /run/secrets/successeve
  node --env-file=.env node_modules/.bin/successeve ping

Exit codes: 0 the token is right, 1 it is not or there is no answer, 2 usage error.
`;

export function addPingCommand(program: Command): void {
  program
    .command('ping')
    .summary('asks the API whether the token is right, and how much budget is left')
    .description(
      'Asks the API whether the token is right, and how much of its budget is left. Costs one request of the budget, and records nothing.',
    )
    .option('--api-url <url>', 'the URL of the API, instead of SUCCESSEVE_API_URL')
    .option('--token-stdin', 'read the token from the standard input')
    .addHelpText('after', help)
    .action(async (options: ApiOptions) => {
      const { runPing } = await import('./run-ping.js');
      process.exitCode = await runPing(options);
    });
}
