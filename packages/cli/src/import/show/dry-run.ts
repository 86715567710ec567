import { counted, type ExitCode, grouped, printable } from '@successeve/command-line';
import { createTracker, type Queue } from '@successeve/core';
import type { Mapping } from '../map/mapping.js';
import { BadLine, type LineSource } from '../read/line.js';
import { undated } from './words.js';

/** How many of the bad lines are listed. */
const maxProblems = 10;

/** A queue that discards its events. */
const nowhere: Queue = {
  length: 0,
  push: () => [],
  lease: () => [],
  settle() {},
  release() {},
  close: () => [],
};

/** Reads every line, sends none, and prints the findings. */
export async function dryRun(source: LineSource, mapping: Mapping): Promise<ExitCode> {
  const counts = { good: 0, bad: 0, blank: 0, undated: 0 };
  const problems: string[] = [];
  let earliest = Number.POSITIVE_INFINITY;
  let latest = Number.NEGATIVE_INFINITY;
  const tracker = createTracker({
    queue: nowhere,
    transport: { send: async () => ({ status: 'delivered' }) },
    strict: true,
    flushOnExit: false,
  });
  const now = Date.now();
  for await (const { content, start } of source.lines(source.start)) {
    try {
      if (content.type === 'blank') counts.blank++;
      else {
        const event = mapping.read(content, now);
        event.track(tracker);
        counts.good++;
        if (event.isUndated) counts.undated++;
        if (!event.occurredAt) continue;
        earliest = Math.min(earliest, event.occurredAt.getTime());
        latest = Math.max(latest, event.occurredAt.getTime());
      }
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      counts.bad++;
      if (counts.bad > maxProblems) continue;
      problems.push(`  line ${start.rows + 1}: ${printable(error.message)}`);
    }
  }
  await tracker.close({ timeoutMs: 0 });
  const { good, bad, blank } = counts;
  print(
    `${counted(good + bad + blank, 'line')} = ${grouped(good)} good + ${grouped(bad)} bad + ${grouped(blank)} blank`,
  );
  problems.forEach(print);
  if (bad > problems.length) print(`  and ${grouped(bad - problems.length)} more`);
  if (earliest <= latest) print(`The times are from ${dayOf(earliest)} to ${dayOf(latest)}.`);
  if (counts.undated > 0) print(`Recorded at the time of sending: ${undated(counts.undated)}`);
  return bad > 0 ? 1 : 0;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
