import { type Command, Option } from 'commander';
import { readFault, readLatency, readPort, readRateLimit, readToken } from './read-options.js';
import type { DevCommandOptions } from './run-dev.js';

const help = `
Start your application with these variables; the last one also shows requests that were not counted, and why:
  export SUCCESSEVE_API_URL=http://127.0.0.1:4319
  export SUCCESSEVE_API_TOKEN=anything
  export SUCCESSEVE_DEBUG=1

Examples:
  successeve dev
  successeve dev --fault 503:10% --fault hang:1% --latency 200ms
  successeve dev --rate-limit 20/10         a small budget, to watch your application wait
  successeve dev --file events.db           keeps the events for the next start
`;

const rateLimit = new Option('--rate-limit <requests/seconds>', 'the budget, or off')
  .argParser(readRateLimit)
  .default({ limit: 900, windowMs: 300_000 }, "900/300, the real API's");

export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .summary('runs a Tracking API on this machine, with a page that shows what arrives')
    .description(
      'A Tracking API on this machine, with a page that shows what your application sends, what was rejected and how to fix it, and why a page was not counted. Nothing leaves the machine.',
    )
    .option('--port <port>', 'the port of the API and the page; 0 is any free port', readPort, 4319)
    .option('--token <token>', 'accept only this API token; by default any', readToken)
    .addOption(rateLimit)
    .option(
      '--fault <answer:share>',
      'a status, hang or reset instead of the response; repeatable',
      readFault,
    )
    .option('--latency <time>', 'delay every response, such as 200ms', readLatency, 0)
    .option('--file <path>', 'keep the events in an SQLite file (Node 22.13 or later)')
    .option('--host <host>', 'listen elsewhere, such as 0.0.0.0 in a container', '127.0.0.1')
    .option('--quiet', 'do not print incoming events')
    .addHelpText('after', help)
    .action(async (options: DevCommandOptions) => {
      const { runDev } = await import('./run-dev.js');
      process.exitCode = await runDev(options);
    });
}
