import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Entry } from '../data/entry.js';
import { close } from '../view/open.js';
import { isSmall } from '../view/screen.js';
import { lineOf } from '../words/entries.js';
import { wordsOf } from '../words/words-of.js';
import { Facts } from './facts.js';
import { Icon } from './icons.js';
import { RequestView } from './request-view.js';
import { Value } from './value.js';

/** Everything about one entry. On a small screen it covers the rest. */
export function Details({ entry }: { entry: Entry }): VNode {
  const closeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isSmall.value) closeButton.current?.focus();
  }, [isSmall.value]);
  const { label, tone, title } = lineOf(entry);
  return (
    <section
      class={`details tone-${tone}`}
      aria-label="Details"
      {...(isSmall.value ? { role: 'dialog', 'aria-modal': true } : {})}
    >
      <header>
        <span class="label">
          <b>{label}</b>
        </span>
        <h2>
          <Value text={title} />
        </h2>
        <button
          type="button"
          class="button close"
          ref={closeButton}
          onClick={close}
          title="Close (Esc)"
          aria-label="Close the details"
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="body" key={entry.seq}>
        <Explanation entry={entry} />
        <Facts entry={entry} />
        {'requestId' in entry && <RequestView id={entry.requestId} index={entry.index} />}
      </div>
    </section>
  );
}

/** What was wrong, and how to fix it. */
function Explanation({ entry }: { entry: Entry }): VNode | null {
  if (entry.type === 'accepted') return null;
  if (entry.type === 'report') {
    const { title, meaning, advice } = wordsOf(entry.report);
    const message = 'message' in entry.report ? entry.report.message : undefined;
    const cause = 'cause' in entry.report ? entry.report.cause : undefined;
    return (
      <div class="explanation">
        {message !== undefined && (
          <p class="problem">
            <Value text={message} />
          </p>
        )}
        {cause !== undefined && (
          <p class="problem cause">
            <Value text={cause} />
          </p>
        )}
        <p>
          <b>{title}.</b> {meaning}
        </p>
        <p class="advice">{advice}</p>
      </div>
    );
  }
  if (entry.isFault) {
    return (
      <div class="explanation">
        <p>A fault was switched on. It says nothing about the request, which may be valid.</p>
        <p class="advice">The application should try again by itself, without losing anything.</p>
      </div>
    );
  }
  return (
    <div class="explanation">
      {entry.problem !== undefined && (
        <p class="problem">
          <Value text={entry.problem} />
        </p>
      )}
      {entry.advice !== undefined && <p class="advice">{entry.advice}</p>}
    </div>
  );
}
