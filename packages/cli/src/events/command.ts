import type { Command } from 'commander';
import type { EventsCommandOptions } from './run-events.js';

const help = `
The module exports what defineEvents() returned, as "events" or by default. Node reads TypeScript from 22.18 on.

Examples:
  successeve events src/events.ts > TRACKING-PLAN.md
  successeve events src/events.ts --json-schema > events.schema.json
`;

export function addEventsCommand(program: Command): void {
  program
    .command('events')
    .summary('prints an event catalogue as a tracking plan, or as JSON Schema')
    .description(
      'Prints the events of a catalogue as a tracking plan in Markdown, with the attributes of each, or as JSON Schema.',
    )
    .argument('<module>', 'the file that exports the catalogue')
    .option('--export <name>', 'the name of the export', 'events')
    .option('--json-schema', 'print JSON Schema, if the schema library can convert to it')
    .addHelpText('after', help)
    .action(async (path: string, options: EventsCommandOptions) => {
      const { runEvents } = await import('./run-events.js');
      process.exitCode = await runEvents(path, options);
    });
}
