import type { ComponentChildren, VNode } from 'preact';
import { isBrowserReport } from '../../../src/dev/browser-report.js';
import type { RejectedEntry, ReportEntry } from '../../../src/dev/protocol.js';
import { type Entry, type Trait, traitOf, traits } from '../data/entry.js';
import { narrowTo } from '../view/open.js';
import { narrow } from '../view/state.js';
import { traitNames } from '../words/entries.js';
import { fullTime, lateness } from '../words/times.js';
import { LongValue, Short, Value } from './value.js';

type Fact = readonly [name: string, value: ComponentChildren];

/** The values of an entry, with links that narrow the list. */
export function Facts({ entry }: { entry: Entry }): VNode {
  const shared = traits.map((trait): Fact => [traitNames[trait], linkTo(trait, traitOf(entry, trait))]);
  return (
    <dl class="facts">
      {[...shared, ...factsOf(entry)]
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? <LongValue text={value} /> : value}</dd>
          </div>
        ))}
    </dl>
  );
}

function factsOf(entry: Entry): readonly Fact[] {
  switch (entry.type) {
    case 'accepted': {
      const { kind, displayName, visitUrl, isReported, occurredAt, at } = entry;
      const late = lateness(occurredAt, at);
      return [
        [kind === 'event' ? 'Display name' : 'Name', displayName],
        ['Visited', visitUrl],
        ['Reported', isReported ? 'by the browser' : undefined],
        ['Arrived', fullTime(at)],
        ['Happened', occurredAt === undefined ? undefined : fullTime(occurredAt) + (late ? `, ${late}` : '')],
      ];
    }
    case 'rejected':
      return [
        ['Request', `${entry.method} ${entry.path}`],
        ['Answer', entry.status?.toString() ?? 'none'],
        ['Contents', countsOf(entry.contents)],
        ['Arrived', fullTime(entry.at)],
      ];
    case 'report':
      return [
        ...factsOfReport(entry.report),
        ['Happened', fullTime(entry.report.at)],
        ['Reported', fullTime(entry.at)],
      ];
  }
}

function factsOfReport(report: ReportEntry['report']): readonly Fact[] {
  switch (report.type) {
    case 'skipped': {
      const { method, path, page, status } = report;
      return [
        ['Request', isBrowserReport(method) ? `by the browser: ${path}` : `${method} ${path}`],
        ['By page', page],
        ['Answer', status?.toString()],
        [
          'Same path',
          <button type="button" class="link" onClick={() => narrow({ search: path, reason: undefined })}>
            Everything about <Value text={path} />
          </button>,
        ],
      ];
    }
    case 'dropped':
      return [['Kind', report.kind]];
    default:
      return [['Code', <code>{report.code}</code>]];
  }
}

/** How many of each kind, such as `2 events, 1 contact`. */
function countsOf(contents: RejectedEntry['contents']): string {
  const counts = Object.entries(contents).map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`);
  return counts.join(', ') || 'nothing that could be read';
}

function linkTo(trait: Trait, value: string | undefined): VNode | undefined {
  if (value === undefined) return undefined;
  const title = trait === 'contact' ? 'The timeline of this contact' : 'Show only these';
  return (
    <button type="button" class="link" onClick={() => narrowTo(trait, value)} title={title}>
      <Short text={value} />
    </button>
  );
}
