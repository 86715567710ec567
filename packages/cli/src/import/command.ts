import { type Command, Option } from 'commander';
import type { ImportCommandOptions } from './run-import.js';

const help = `
Fields: contact_uid, event_uid, account_uid, display_name, visit_url, created_at, params, params.<name>,
and method: contact or account, for a line that updates one

The token is read from SUCCESSEVE_API_TOKEN, or from the standard input with --token-stdin.

Examples:
  successeve import events.ndjson --dry-run
  successeve import events.ndjson --batch
  successeve import users.csv --set event_uid=user_registered --map contact_uid=user_id --map created_at=created
  successeve import users.csv --set method=contact --map contact_uid=user_id --rest params

Exit codes: 0 all delivered, 1 failure or something rejected, 2 usage error, 130 stopped by Ctrl-C.
`;

const rest = new Option(
  '--rest <what>',
  'how to treat fields that are not event fields: send them as params, or leave them out',
).choices(['params', 'ignore']);

export function addImportCommand(program: Command): void {
  program
    .command('import')
    .summary('sends events of the past, contacts and accounts, from a file')
    .description(
      'Sends the events, contacts and accounts in a file, one JSON object on each line or a CSV with a header, as fast as the budget of the API allows. After an interruption, the same command resumes where it stopped.',
    )
    .argument('<file>', 'a file named .ndjson, .jsonl, .csv or .tsv')
    .option('--map <field=name>', 'an event field and its name in the file; repeatable', collect)
    .option('--set <field=value>', 'a value for all lines; repeatable', collect)
    .option('--parse-json <name>', 'a field of the file whose text is JSON; repeatable', collect)
    .addOption(rest)
    .option('--batch', 'send up to 100 events in one request')
    .option('--dry-run', 'read and check every line, and send none')
    .option('--again', 'start over, even if the file was imported before')
    .option('--api-url <url>', 'the URL of the API, instead of SUCCESSEVE_API_URL')
    .option('--token-stdin', 'read the token from the standard input')
    .addHelpText('after', help)
    .action(async (file: string, options: ImportCommandOptions) => {
      const { runImport } = await import('./run-import.js');
      process.exitCode = await runImport(file, options);
    });
}

function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value];
}
