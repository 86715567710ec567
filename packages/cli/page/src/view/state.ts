import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { noFaults } from '../../../src/dev/api/faults.js';
import type { Budget, Faults, Hello, StreamMessage } from '../../../src/dev/protocol.js';
import { throttle } from '../../../src/throttle.js';
import type { Entry } from '../data/entry.js';
import { type Filter, noFilter } from '../data/filter.js';
import type { Rows } from '../data/matching.js';
import { Received } from '../data/received.js';
import { timeline } from '../data/timeline.js';
import { beforeFrame } from './frames.js';

/** The most time that one frame may spend on searching entries; the rest is for drawing. */
const lookMs = 6;

/** How often the list is drawn while entries arrive: more would leave no time for what is typed. */
const drawEveryMs = 100;

/** How often the other, costly parts are drawn. */
const settleEveryMs = 250;

/** The reasons to keep the list still: it is paused, scrolled down, or a row is being clicked. */
export type Hold = 'paused' | 'away' | 'pressed';

/** The received entries are mutable and outside of the framework; a new wrapper marks a change. */
interface Wrapped {
  readonly received: Received;
  /** The newest entry at the time. */
  readonly newest: number;
}

function wrap(received: Received): Wrapped {
  return { received, newest: received.ring.newest };
}

/** `lost`: the server does not respond; the page tries again. */
export const connection: Signal<'connecting' | 'live' | 'lost'> = signal('connecting');
export const hello: Signal<Hello | undefined> = signal();
export const budget: Signal<Budget | null> = signal(null);
export const faults: Signal<Faults> = signal(noFaults);

/** The received entries, updated with each frame that draws the list. */
export const latest: Signal<Wrapped> = signal(wrap(new Received(1)));

/** The same, updated no more often than {@link settleEveryMs}. */
export const settled: Signal<Wrapped> = signal(latest.value);

export const filter: Signal<Filter> = signal(noFilter);
/** The entry whose details are shown. */
export const opened: Signal<number | undefined> = signal();
/** The entry that the keyboard is on. */
export const cursor: Signal<number | undefined> = signal();

const holds: Signal<ReadonlySet<Hold>> = signal(new Set<Hold>());
/** Everything after this entry waits until the list moves again. */
const heldAfter: Signal<number | undefined> = signal();

export const isPaused: ReadonlySignal<boolean> = computed(() => holds.value.has('paused'));

/** Whether the list stands still, other than for a click. */
export const isStill: ReadonlySignal<boolean> = computed(() => isPaused.value || holds.value.has('away'));

/** How many entries match the filter and wait. */
export const waiting: ReadonlySignal<number> = computed(() => {
  const { matching } = latest.value.received;
  return heldAfter.value === undefined ? 0 : matching.countAfter(heldAfter.value);
});

export const rows: ReadonlySignal<Rows> = computed(() => {
  const { matching, ring } = latest.value.received;
  const skipped = waiting.value;
  const shown: Rows = {
    count: matching.count - skipped,
    seqAt: (row) => matching.seqAt(row + skipped),
    rowOf: (seq) => Math.max(-1, matching.rowOf(seq) - skipped),
  };
  return filter.value.contact === undefined ? shown : timeline(shown, ring);
});

/** The entry whose details are shown, as long as it is kept. */
export const openedEntry: ReadonlySignal<Entry | undefined> = computed(() => {
  const { ring } = latest.value.received;
  return opened.value === undefined ? undefined : ring.get(opened.value);
});

export function take(message: StreamMessage): void {
  switch (message.type) {
    case 'hello':
      return greet(message);
    case 'entries':
      latest.peek().received.add(message.entries);
      return redrawSoon();
    case 'cleared':
      latest.peek().received.forget(message.upTo);
      return redraw();
    case 'budget':
      budget.value = message.budget;
      return;
    case 'faults':
      faults.value = message.faults;
  }
}

/** Holds the list still, or releases it; it moves again when nothing holds it. */
export function hold(reason: Hold, isHeld: boolean): void {
  if (holds.value.has(reason) === isHeld) return;
  const next = new Set(holds.value);
  if (isHeld) next.add(reason);
  else next.delete(reason);
  batch(() => {
    holds.value = next;
    if (next.size === 0) heldAfter.value = undefined;
    // Entries since the last frame were not shown yet.
    else heldAfter.value ??= latest.peek().newest;
  });
}

/** Shows the waiting entries, and keeps the list still. */
export function catchUp(): void {
  if (heldAfter.value !== undefined) heldAfter.value = latest.peek().newest;
}

/** Changes the filter; traits that are not named stay. */
export function narrow(change: Partial<Filter>): void {
  setFilter({ ...filter.peek(), ...change });
}

export function setFilter(next: Filter): void {
  const { received } = latest.peek();
  received.narrow(next);
  // The first rows at once, so that the list is never seen empty in between.
  received.matching.look(lookMs);
  batch(() => {
    filter.value = next;
    latest.value = wrap(received);
  });
  redraw();
}

function greet(message: Hello): void {
  batch(() => {
    if (hello.peek()?.runId !== message.runId) {
      latest.value = wrap(new Received(message.maxEntries, filter.peek()));
      heldAfter.value = holds.peek().size > 0 ? 0 : undefined;
      opened.value = cursor.value = undefined;
    }
    hello.value = message;
    budget.value = message.budget;
    faults.value = message.faults;
  });
  redraw();
}

let isDrawing = false;
let drawnAt = 0;

/** Draws at once after a pause, and otherwise no more often than {@link drawEveryMs}. */
function redrawSoon(): void {
  const dueIn = drawnAt + drawEveryMs - performance.now();
  if (dueIn <= 0) redraw();
  else drawTimer ??= setTimeout(redraw, dueIn);
}

let drawTimer: ReturnType<typeof setTimeout> | undefined;

/** Draws everything that shows entries, and continues the search for those that match. */
function redraw(): void {
  clearTimeout(drawTimer);
  drawTimer = undefined;
  settle();
  if (isDrawing) return;
  isDrawing = true;
  beforeFrame(() => {
    isDrawing = false;
    drawnAt = performance.now();
    const { received } = latest.peek();
    received.matching.look(lookMs);
    latest.value = wrap(received);
    if (!received.matching.isComplete) redraw();
  });
}

const settle = throttle(() => {
  settled.value = wrap(latest.peek().received);
}, settleEveryMs);
