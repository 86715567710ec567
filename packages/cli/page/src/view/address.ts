import { batch, effect } from '@preact/signals';
import { throttle } from '../../../src/throttle.js';
import { type OpenEntry, readPlace, writePlace } from '../data/place.js';
import { showProblem } from './problems.js';
import { cursor, filter, hello, opened, setFilter } from './state.js';

/** Browsers ignore changes of the address that come more often than some times a second. */
const writeEveryMs = 250;

/** The entry in the address, until the server has sent the id of its run. */
let asked: OpenEntry | undefined;

/** Keeps the page and its address the same, whichever changes. */
export function followAddress(): void {
  read();
  addEventListener('popstate', read);
  effect(openAsked);
  const write = throttle(() => history.replaceState(null, '', address() || location.pathname), writeEveryMs);
  let before = readPlace(location.hash);
  effect(() => {
    const hash = address();
    const isOpen = opened.value !== undefined;
    const { contact } = filter.value;
    // Back closes what was opened, and returns from a contact.
    const isStep = (isOpen && !before.open) || (contact !== undefined && contact !== before.filter.contact);
    before = readPlace(hash);
    // Before the first greeting, what the address asks for may still come.
    if (!hello.value) return;
    const isChanged = hash !== location.hash;
    if (isChanged && !isStep) return write();
    write.cancel();
    if (isChanged) history.pushState(null, '', hash);
  });
}

function address(): string {
  const run = hello.value?.runId;
  const open = run === undefined || opened.value === undefined ? undefined : { run, seq: opened.value };
  return writePlace({ filter: filter.value, open });
}

function read(): void {
  const place = readPlace(location.hash);
  asked = place.open;
  batch(() => {
    setFilter(place.filter);
    opened.value = undefined;
    openAsked();
  });
}

function openAsked(): void {
  const run = hello.value?.runId;
  if (run === undefined || !asked) return;
  if (asked.run === run) opened.value = cursor.value = asked.seq;
  else
    showProblem(
      'The entry that the address leads to is of an earlier run of successeve dev: look for it in the list.',
    );
  asked = undefined;
}
