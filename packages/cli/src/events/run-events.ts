import type { ExitCode } from '@successeve/command-line';
import { describeEvents } from '@successeve/core';
import { loadCatalogue } from './load-catalogue.js';
import { jsonSchemas, trackingPlan } from './tracking-plan.js';

export interface EventsCommandOptions {
  readonly export: string;
  readonly jsonSchema?: true;
}

export async function runEvents(
  path: string,
  { export: name, jsonSchema }: EventsCommandOptions,
): Promise<ExitCode> {
  const events = describeEvents(await loadCatalogue(path, name));
  process.stdout.write(jsonSchema ? jsonSchemas(events) : trackingPlan(events));
  const leftOut = events.filter(({ params }) => params === undefined).map(({ eventUid }) => eventUid);
  if (jsonSchema && leftOut.length > 0) {
    process.stderr.write(`Left out, without a schema that can be described: ${leftOut.join(', ')}\n`);
  }
  return 0;
}
