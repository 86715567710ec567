import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RejectedEntry, ReportEntry } from '../../../src/dev/protocol.js';
import { wordsOf } from '../../../src/dev/words.js';
import type { Entry } from '../data/entry.js';
import { close } from '../view/open.js';
import { isSmall } from '../view/screen.js';
import { lineOf } from '../words/entries.js';
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

function Explanation({ entry }: { entry: Entry }): VNode | null {
  if (entry.type === 'accepted') return null;
  const { problems, meaning, advice } = explain(entry);
  return (
    <div class="explanation">
      {problems.filter(Boolean).map((problem = '') => (
        <p class="problem" key={problem}>
          <Value text={problem} />
        </p>
      ))}
      {meaning && <p>{meaning}</p>}
      {advice && <p class="advice">{advice}</p>}
    </div>
  );
}

interface Explained {
  readonly problems: readonly (string | undefined)[];
  readonly meaning?: ComponentChildren;
  readonly advice?: string | undefined;
}

function explain(entry: RejectedEntry | ReportEntry): Explained {
  if (entry.type === 'report') {
    const { title, meaning, advice } = wordsOf(entry.report);
    const { message, cause } = entry.report as { readonly message?: string; readonly cause?: string };
    return {
      problems: [message, cause],
      meaning: [<b key="title">{title}.</b>, ` ${meaning}`],
      advice,
    };
  }
  if (!entry.isFault) return { problems: [entry.problem], advice: entry.advice };
  return {
    problems: [],
    meaning: 'A fault was switched on. It says nothing about the request, which may be valid.',
    advice: 'The application should try again by itself, without losing anything.',
  };
}
