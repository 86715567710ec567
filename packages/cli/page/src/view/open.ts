import { batch } from '@preact/signals';
import type { Trait } from '../data/entry.js';
import { noFilter } from '../data/filter.js';
import { cursor, filter, narrow, opened, rows, setFilter } from './state.js';

/** Shows the details of an entry. */
export function open(seq: number): void {
  batch(() => {
    cursor.value = seq;
    opened.value = seq;
  });
}

/** Closes what is open; the keyboard stays on its row. */
export function close(): void {
  opened.value = undefined;
}

/** Moves the keyboard by so many rows; the details, where they are open, go with it. */
export function move(by: number): void {
  const { count } = rows.value;
  if (count === 0) return;
  const row = cursor.value === undefined ? -1 : rows.value.rowOf(cursor.value);
  const next = row < 0 ? (by > 0 ? 0 : count - 1) : Math.max(0, Math.min(count - 1, row + by));
  const seq = rows.value.seqAt(next);
  batch(() => {
    cursor.value = seq;
    if (opened.value !== undefined) opened.value = seq;
  });
}

export function showAll(): void {
  setFilter(noFilter);
}

/** Goes to a contact's own timeline, with nothing left out. */
export function showContact(contact: string): void {
  setFilter({ ...noFilter, contact });
}

/** Narrows the list to a value; a contact gets a timeline of its own. */
export function narrowTo(trait: Trait, value: string): void {
  if (trait === 'contact') showContact(value);
  else narrow({ [trait]: value });
}

export function isTimeline(): boolean {
  return filter.value.contact !== undefined;
}
