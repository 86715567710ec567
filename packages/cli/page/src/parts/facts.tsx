import type { ComponentChildren, VNode } from 'preact';
import { isBrowserReport } from '../../../src/dev/browser-report.js';
import type { RejectedEntry } from '../../../src/dev/protocol.js';
import { type Entry, traitOf } from '../data/entry.js';
import { showContact } from '../view/open.js';
import { narrow } from '../view/state.js';
import { fullTime, lateness } from '../words/times.js';
import { LongValue, Short, Value } from './value.js';

/** The values of an entry, with links that narrow the list. */
export function Facts({ entry }: { entry: Entry }): VNode {
  return (
    <dl class="facts">
      {factsOf(entry)
        .filter(({ value }) => value !== undefined)
        .map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? <LongValue text={value} /> : value}</dd>
          </div>
        ))}
    </dl>
  );
}

interface Fact {
  readonly name: string;
  readonly value: ComponentChildren;
}

function factsOf(entry: Entry): readonly Fact[] {
  const arrived = { name: 'Arrived', value: fullTime(entry.at) };
  switch (entry.type) {
    case 'accepted': {
      const { eventUid, displayName, contactUid, accountUid, visitUrl, occurredAt, isReported, at } = entry;
      const late = lateness(occurredAt, at);
      return [
        { name: 'Contact', value: contactUid && <ContactLink contact={contactUid} /> },
        { name: 'Account', value: accountUid && <Narrower trait="account" value={accountUid} /> },
        {
          name: 'Event',
          value: entry.kind === 'event' && eventUid && <Narrower trait="event" value={eventUid} />,
        },
        { name: entry.kind === 'event' ? 'Display name' : 'Name', value: displayName },
        { name: 'Visited', value: visitUrl },
        { name: 'Reported', value: isReported && 'by the browser' },
        arrived,
        {
          name: 'Happened',
          value: occurredAt === undefined ? undefined : fullTime(occurredAt) + (late ? `, ${late}` : ''),
        },
      ].map(({ name, value }) => ({ name, value: value || undefined }));
    }
    case 'rejected': {
      const { method, path, status, contents, contactUid } = entry;
      const event = traitOf(entry, 'event');
      return [
        { name: 'Request', value: `${method} ${path}` },
        { name: 'Answer', value: status === undefined ? 'none' : String(status) },
        { name: 'Contents', value: countsOf(contents) },
        { name: 'Event', value: event && <Narrower trait="event" value={event} /> },
        { name: 'Contact', value: contactUid && <ContactLink contact={contactUid} /> },
        arrived,
      ].map(({ name, value }) => ({ name, value: value || undefined }));
    }
    case 'report':
      return [...factsOfReport(entry.report), { name: 'Reported', value: fullTime(entry.at) }];
  }
}

function factsOfReport(report: Extract<Entry, { type: 'report' }>['report']): readonly Fact[] {
  switch (report.type) {
    case 'skipped':
      return [
        { name: 'Reason', value: <Narrower trait="reason" value={report.reason} /> },
        isBrowserReport(report.method)
          ? { name: 'Reported', value: `by the browser: ${report.path}` }
          : { name: 'Request', value: `${report.method} ${report.path}` },
        { name: 'By page', value: report.page },
        { name: 'Answer', value: report.status?.toString() },
        {
          name: 'Same path',
          value: (
            <button
              type="button"
              class="link"
              onClick={() => narrow({ search: report.path, reason: undefined })}
            >
              Everything about <Value text={report.path} />
            </button>
          ),
        },
        { name: 'Happened', value: fullTime(report.at) },
      ];
    case 'dropped':
      return [
        { name: 'Reason', value: <Narrower trait="reason" value={report.reason} /> },
        { name: 'Kind', value: report.kind },
        {
          name: 'Event',
          value:
            report.eventUid !== undefined && report.kind === 'event' ? (
              <Narrower trait="event" value={report.eventUid} />
            ) : undefined,
        },
        { name: 'Contact', value: report.contactUid && <ContactLink contact={report.contactUid} /> },
        {
          name: 'Account',
          value: report.accountUid && <Narrower trait="account" value={report.accountUid} />,
        },
        { name: 'Happened', value: fullTime(report.at) },
      ];
    default:
      return [
        { name: 'Code', value: <code>{report.code}</code> },
        { name: 'Happened', value: fullTime(report.at) },
      ];
  }
}

/** How many of each kind, such as `2 events, 1 contact`. */
function countsOf(contents: RejectedEntry['contents']): string {
  const counts = Object.entries(contents).map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`);
  return counts.join(', ') || 'nothing that could be read';
}

function ContactLink({ contact }: { contact: string }): VNode {
  return (
    <button
      type="button"
      class="link"
      onClick={() => showContact(contact)}
      title="The timeline of this contact"
    >
      <Short text={contact} />
    </button>
  );
}

function Narrower({ trait, value }: { trait: 'event' | 'account' | 'reason'; value: string }): VNode {
  return (
    <button type="button" class="link" onClick={() => narrow({ [trait]: value })} title="Show only these">
      <Short text={value} />
    </button>
  );
}
