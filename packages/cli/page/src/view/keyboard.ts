import { traitOf } from '../data/entry.js';
import { close, move, open, showAll, showContact } from './open.js';
import { cursor, hold, isPaused, latest, opened } from './state.js';

/** Handles keys anywhere on the page, unless a control uses them. */
export function followKeys(showHelp: () => void): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]')) return;
    const target = event.target as HTMLElement;
    if (event.key === 'Escape') return leave(target);
    if (target.matches('input')) return;
    // On a button, Enter presses it, and the arrows scroll.
    const isElsewhere = target !== document.body && target.id !== 'list';
    if (isElsewhere && /^(Enter|Arrow)/.test(event.key)) return;
    const act = actions[event.key] ?? (event.key === '?' ? showHelp : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

const actions: Readonly<Record<string, () => void>> = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  Enter: () => cursor.value !== undefined && open(cursor.value),
  p: () => hold('paused', !isPaused.value),
  t: () => {
    const entry = cursor.value === undefined ? undefined : latest.value.received.ring.get(cursor.value);
    const contact = entry && traitOf(entry, 'contact');
    if (contact !== undefined) showContact(contact);
  },
  '/': () => document.getElementById('search')?.focus(),
};

function step(by: number): void {
  focusList();
  move(by);
}

function focusList(): void {
  document.getElementById('list')?.focus({ preventScroll: true });
}

/** Esc closes the details, leaves the search, or removes the filter. */
function leave(target: HTMLElement): void {
  if (target.matches('input')) target.blur();
  else if (opened.value !== undefined) close();
  else return showAll();
  focusList();
}
