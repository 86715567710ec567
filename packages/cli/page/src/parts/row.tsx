import { escapeControls } from '@successeve/command-line/printable';
import type { VNode } from 'preact';
import { type Entry, happenedAt, traitOf } from '../data/entry.js';
import { lineOf } from '../words/entries.js';
import { duration, timeAndDay } from '../words/times.js';
import { Value } from './value.js';

export interface RowProps {
  entry: Entry;
  /** Its place in the list, from 0. */
  row: number;
  top: number;
  isCursor: boolean;
  isOpen: boolean;
  isNew: boolean;
  isTimeline: boolean;
  /** The entry before it, in a contact's timeline. */
  before?: Entry | undefined;
}

export function Row({ entry, row, top, isCursor, isOpen, isNew, isTimeline, before }: RowProps): VNode {
  const { label, tone, title, note, aside } = lineOf(entry);
  const contact = traitOf(entry, 'contact');
  const account = traitOf(entry, 'account');
  const isAnonymous = contact === undefined && account === undefined && !isTimeline;
  const marks = `${isCursor ? ' at-cursor' : ''}${isNew ? ' is-new' : ''}${isAnonymous ? ' is-anonymous' : ''}`;
  return (
    <div
      class={`row tone-${tone}${marks}`}
      role="row"
      id={`row-${entry.seq}`}
      data-seq={entry.seq}
      aria-rowindex={row + 1}
      aria-selected={isOpen}
      style={{ top: `${top}px` }}
    >
      <span class="cell time" role="gridcell">
        {timeAndDay(isTimeline ? happenedAt(entry) : entry.at)}
      </span>
      <span class="cell label" role="gridcell">
        <b>{label}</b>
      </span>
      <span
        class="cell what"
        role="gridcell"
        title={escapeControls(note === undefined ? title : `${title} — ${note}`)}
      >
        <span class="title">
          <Value text={title} />
        </span>{' '}
        {note !== undefined && (
          <span class="note">
            <Value text={note} />
          </span>
        )}
      </span>
      <span class="cell aside" role="gridcell">
        {aside}
      </span>
      <span class="cell contact" role="gridcell" title={contact && escapeControls(contact)}>
        {isTimeline
          ? gap(entry, before)
          : contact !== undefined && (
              <span data-contact={contact}>
                <Value text={contact} />
              </span>
            )}
      </span>
      <span class="cell account" role="gridcell" title={account && escapeControls(account)}>
        {account !== undefined && <Value text={account} />}
      </span>
    </div>
  );
}

/** The time since the entry before it. */
function gap(entry: Entry, before: Entry | undefined): string | undefined {
  return before && `+ ${duration(happenedAt(entry) - happenedAt(before))}`;
}
