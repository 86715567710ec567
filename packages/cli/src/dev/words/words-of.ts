import type { DevReport } from '@successeve/core/dev';
import { drops } from './drops.js';
import { notices } from './notices.js';
import { skips } from './skips.js';
import type { Words } from './words.js';

/** Describes a report. */
export function wordsOf(report: DevReport): Words {
  switch (report.type) {
    case 'skipped':
      return find(skips, report.reason);
    case 'dropped':
      return find(drops, report.reason);
    default:
      return find(notices, report.code);
  }
}

/** The title of a reason. */
export function titleOfReason(reason: string): string {
  return find({ ...drops, ...skips }, reason).title;
}

/** An application may use a newer SDK, with reasons that are unknown here. */
function find(table: Readonly<Record<string, Words>>, reason: string): Words {
  const words = Object.hasOwn(table, reason) ? table[reason] : undefined;
  return (
    words ?? {
      title: reason,
      meaning: 'The application uses a newer SDK than this page knows.',
      advice: 'Update @successeve/cli.',
    }
  );
}
