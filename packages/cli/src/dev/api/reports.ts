import type { DevReport } from '@successeve/core/dev';
import type { NewReportEntry } from '../keep/store.js';
import { cut } from './receive.js';

/** The most reports in one request; a tracker sends at most 1 000. */
const maxReports = 5000;

/** The texts of each kind of report; those with a question mark are optional. */
const fieldsOf: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['skipped', ['reason', 'method', 'path', 'page?']],
  ['dropped', ['reason', 'message', 'kind', 'eventUid?', 'contactUid?', 'accountUid?']],
  ['warning', ['code', 'message']],
  ['error', ['code', 'message', 'cause?']],
] satisfies [DevReport['type'], string[]][]);

/**
 * Reads the reports of a tracker, without invalid ones: an application may use a newer SDK, with reports that are not
 * known here.
 */
export function readReports(body: unknown, now: number): NewReportEntry[] {
  const { reports } = (body ?? {}) as { reports?: unknown };
  if (!Array.isArray(reports)) return [];
  return reports.slice(0, maxReports).flatMap((value) => {
    const report = readReport(value);
    return report ? [{ type: 'report', at: now, report } as const] : [];
  });
}

function readReport(value: unknown): DevReport | undefined {
  const received = (value ?? {}) as Readonly<Record<string, unknown>>;
  const fields = fieldsOf.get(received.type);
  if (!fields || typeof received.at !== 'number') return undefined;
  const report: Record<string, unknown> = { type: received.type, at: received.at };
  for (const field of fields) {
    const [name = ''] = field.split('?', 1);
    const value = received[name];
    if (typeof value === 'string') report[name] = cut(value);
    else if (name === field) return undefined;
  }
  if (received.type === 'skipped' && typeof received.status === 'number') report.status = received.status;
  return report as unknown as DevReport;
}
