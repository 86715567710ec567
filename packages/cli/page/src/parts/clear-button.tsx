import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { clearEntries } from '../data/server.js';
import { attempt } from '../view/problems.js';
import { isSmall } from '../view/screen.js';
import { connection, latest, settled } from '../view/state.js';
import { Icon } from './icons.js';

/** How long it waits for the second press. */
const askMs = 8000;

/** Deletes everything. It asks first, and has to be pressed again. */
export function ClearButton(): VNode {
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (!isAsking) return;
    const timer = setTimeout(() => setAsking(false), askMs);
    return () => clearTimeout(timer);
  }, [isAsking]);

  const press = (event: MouseEvent) => {
    // A double click only asks.
    if (event.detail > 1) return;
    if (!isAsking && latest.peek().received.total > 0) return setAsking(true);
    setAsking(false);
    void attempt('clear', clearEntries);
  };
  const keep = (event: KeyboardEvent) => {
    const isLeft = isAsking && event.key === 'Escape';
    if (isLeft) setAsking(false);
    // So does a key that is held down.
    if (isLeft || event.repeat) event.preventDefault();
  };
  return (
    <>
      <button
        type="button"
        class={`button${isAsking ? ' asking' : ''}`}
        disabled={connection.value === 'lost'}
        onClick={press}
        onKeyDown={keep}
        onBlur={() => setAsking(false)}
        title="Forget everything received: here, on the server and in its --file"
      >
        <Icon name="clear" /> <span>{isAsking ? question() : 'Clear'}</span>
      </button>
      <span class="unseen" role="status">
        {isAsking && 'Press again to clear everything. Escape keeps it.'}
      </span>
    </>
  );
}

function question(): string {
  const { total } = settled.value.received;
  // A longer text does not fit.
  if (isSmall.value) return 'Clear?';
  return `Clear ${total.toLocaleString('en')} ${total === 1 ? 'entry' : 'entries'}?`;
}
