import { counted, grouped, printable } from '@successeve/command-line';
import { createTracker, type Queue } from '@successeve/core';
import { BadLine } from '../keep/bad-line.js';
import type { Mapping } from '../map/mapping.js';
import type { LineSource } from '../read/line.js';
import { undated } from './words.js';

/** How many of the bad lines are listed. */
const maxProblems = 10;

export interface Findings {
  good: number;
  bad: number;
  blank: number;
  /** The first bad lines. */
  readonly problems: { readonly row: number; readonly problem: string }[];
  /** How many events have no time. */
  undated: number;
  /** The earliest and the latest time in the file, in epoch milliseconds. */
  earliest: number;
  latest: number;
}

/** A queue that discards its events. */
const nowhere: Queue = {
  length: 0,
  push: () => [],
  lease: () => [],
  settle() {},
  release() {},
  close: () => [],
};

/** Reads every line and sends none. */
export async function examine(source: LineSource, mapping: Mapping): Promise<Findings> {
  const findings: Findings = {
    good: 0,
    bad: 0,
    blank: 0,
    problems: [],
    undated: 0,
    earliest: Number.POSITIVE_INFINITY,
    latest: Number.NEGATIVE_INFINITY,
  };
  const tracker = createTracker({
    queue: nowhere,
    transport: { send: async () => ({ status: 'delivered' }) },
    strict: true,
    flushOnExit: false,
  });
  const now = Date.now();
  for await (const { content, start } of source.lines(source.start)) {
    try {
      if (content.type === 'blank') findings.blank++;
      else {
        const event = mapping.read(content, now);
        event.track(tracker);
        findings.good++;
        if (event.isUndated) findings.undated++;
        const { occurredAt } = event;
        if (!occurredAt) continue;
        findings.earliest = Math.min(findings.earliest, occurredAt.getTime());
        findings.latest = Math.max(findings.latest, occurredAt.getTime());
      }
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      findings.bad++;
      if (findings.bad > maxProblems) continue;
      findings.problems.push({ row: start.rows + 1, problem: error.message });
    }
  }
  await tracker.close({ timeoutMs: 0 });
  return findings;
}

export function describeFindings(findings: Findings): string {
  const { good, bad, blank, problems, earliest, latest } = findings;
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const lines = [
    `${counted(good + bad + blank, 'line')} = ${grouped(good)} good + ${grouped(bad)} bad + ${grouped(blank)} blank`,
    ...problems.map(({ row, problem }) => `  line ${row}: ${printable(problem)}`),
  ];
  if (bad > problems.length) lines.push(`  and ${grouped(bad - problems.length)} more`);
  if (earliest <= latest) lines.push(`The times are from ${day(earliest)} to ${day(latest)}.`);
  if (findings.undated > 0) {
    lines.push(`Recorded at the time of sending: ${undated(findings.undated)}`);
  }
  return `${lines.join('\n')}\n`;
}
