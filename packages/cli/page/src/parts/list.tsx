import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { happenedAt } from '../data/entry.js';
import { isTimeline, move, open, showContact } from '../view/open.js';
import { catchUp, cursor, filter, hold, isStill, latest, opened, rows, waiting } from '../view/state.js';
import { isOfDay } from '../words/times.js';
import { Icon } from './icons.js';
import { Row } from './row.js';

/** Below it a row takes two lines. */
const narrowBelow = 520;

/** Rows beyond the edge, so that a scroll does not show a gap before they are drawn. */
const spare = 6;

/** How long a row counts as new, and how many may come in a second for that to be worth a sign. */
const newMs = 1000;
const mostNew = 10;

export function List(): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [{ width, height }, setSize] = useState({ width: 1000, height: 0 });
  const [scrollTop, setScrollTop] = useState(0);
  const rowHeight = width < narrowBelow ? 52 : 30;
  const { count, seqAt } = rows.value;
  const isOfContact = isTimeline();

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      hold('away', false);
    };
  }, []);

  useEffect(() => box.current?.scrollTo({ top: 0 }), [filter.value]);
  // Of what the address opens, the row may come later.
  const isThere = cursor.value !== undefined && rows.value.rowOf(cursor.value) >= 0;
  useEffect(() => keepInSight(box.current, rowHeight), [cursor.value, isThere, rowHeight]);

  const toTop = () => {
    catchUp();
    box.current?.scrollTo({ top: 0 });
  };
  const click = (event: MouseEvent) => {
    const target = event.target as Element;
    const contact = target.closest<HTMLElement>('[data-contact]')?.dataset.contact;
    if (contact !== undefined) return showContact(contact);
    const seq = target.closest<HTMLElement>('[data-seq]')?.dataset.seq;
    if (seq !== undefined) open(Number(seq));
  };
  const scroll = () => {
    const top = box.current?.scrollTop ?? 0;
    setScrollTop(top);
    hold('away', top > 0);
  };

  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - spare);
  const last = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + spare);
  const now = Date.now();
  const isCalm = latest.value.received.pace.inSecondBefore(now) <= mostNew;
  const entryAt = (row: number) => (row < count ? latest.value.received.ring.get(seqAt(row)) : undefined);
  const oldest = entryAt(count - 1);
  // The last row is the oldest: where it is of today, all of them are.
  const isDated = oldest !== undefined && !isOfDay(isOfContact ? happenedAt(oldest) : oldest.at, now);
  const shown: VNode[] = [];
  for (let row = first; row < last; row++) {
    const entry = entryAt(row);
    if (!entry) continue;
    shown.push(
      <Row
        key={entry.seq}
        entry={entry}
        row={row}
        top={row * rowHeight}
        isCursor={cursor.value === entry.seq}
        isOpen={opened.value === entry.seq}
        isNew={isCalm && now - entry.at < newMs}
        isTimeline={isOfContact}
        before={isOfContact ? entryAt(row + 1) : undefined}
      />,
    );
  }

  return (
    <div class={`list${isOfContact ? ' of-contact' : ''}${isDated ? ' is-dated' : ''}`}>
      {isStill.value && waiting.value > 0 && (
        <button type="button" class="waiting" onClick={toTop}>
          <Icon name="up" /> {waiting.value.toLocaleString('en')} new
        </button>
      )}
      <div
        class="rows"
        ref={box}
        role="grid"
        tabIndex={0}
        id="list"
        aria-label="What arrived, newest first"
        aria-rowcount={count}
        aria-activedescendant={cursor.value === undefined ? undefined : `row-${cursor.value}`}
        onScroll={scroll}
        onClick={click}
        onPointerDown={(event) => event.button === 0 && hold('pressed', true)}
        onKeyDown={(event) => turnPage(event, Math.floor(height / rowHeight) - 1)}
      >
        <div class="height" style={{ height: `${count * rowHeight}px` }} role="rowgroup">
          {shown}
        </div>
      </div>
    </div>
  );
}

addEventListener('pointerup', release);
addEventListener('pointercancel', release);

/** After the click that it may be part of. */
function release(): void {
  setTimeout(() => hold('pressed', false));
}

function turnPage(event: KeyboardEvent, pageRows: number): void {
  const by = { PageDown: pageRows, PageUp: -pageRows, Home: -1e9, End: 1e9 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  move(by);
}

/** Scrolls no further than it takes to see the row that the keyboard is on. */
function keepInSight(box: HTMLElement | null, rowHeight: number): void {
  const row = cursor.value === undefined ? -1 : rows.value.rowOf(cursor.value);
  if (!box || row < 0) return;
  const top = row * rowHeight;
  const lowest = top + rowHeight - box.clientHeight;
  if (box.scrollTop > top) box.scrollTop = top;
  else if (box.scrollTop < lowest) box.scrollTop = lowest;
}
