import type { DevReport } from '@successeve/core/dev';
import type { NewReportEntry } from '../keep/store.js';
import { cut } from './receive.js';

/** The most reports in one request; a tracker sends at most 1 000. */
const maxReports = 5000;

/** The texts of each kind of report; those with a question mark are optional. */
const fieldsOf: Readonly<Record<DevReport['type'], readonly string[]>> = {
  skipped: ['reason', 'method', 'path', 'page?'],
  dropped: ['reason', 'message', 'kind', 'eventUid?', 'contactUid?', 'accountUid?'],
  warning: ['code', 'message'],
  error: ['code', 'message', 'cause?'],
};

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
  const fields = Object.hasOwn(fieldsOf, String(received.type))
    ? fieldsOf[received.type as DevReport['type']]
    : undefined;
  if (!fields || typeof received.at !== 'number') return undefined;
  const report: Record<string, unknown> = { type: received.type, at: received.at };
  for (const field of fields) {
    const [name = ''] = field.split('?', 1);
    const text = readText(received[name]);
    if (text === undefined && name === field) return undefined;
    report[name] = text;
  }
  if (received.type === 'skipped')
    report.status = typeof received.status === 'number' ? received.status : undefined;
  return report as unknown as DevReport;
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? cut(value) : undefined;
}
