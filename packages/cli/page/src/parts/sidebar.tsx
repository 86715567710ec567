import { escapeControls } from '@successeve/command-line/printable';
import type { VNode } from 'preact';
import { titleOfReason } from '../../../src/dev/words.js';
import { type Kind, kinds, type Trait } from '../data/entry.js';
import { isNarrowing } from '../data/filter.js';
import { narrowTo, showAll } from '../view/open.js';
import { filter, narrow, settled } from '../view/state.js';
import { kindNames } from '../words/entries.js';
import { Value } from './value.js';

const mostValues = 8;

const traitNames: readonly (readonly [Trait, string])[] = [
  ['event', 'Events by name'],
  ['contact', 'Contacts'],
  ['account', 'Accounts'],
  ['reason', 'Not counted or dropped'],
];

/** The kinds and the most frequent values, with their numbers, to narrow the list by. */
export function Sidebar({ onChosen }: { onChosen: () => void }): VNode {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the buttons in it have their keys.
    <nav class="sidebar" aria-label="Filter" onClick={(event) => isChoice(event.target) && onChosen()}>
      <Kinds />
      {traitNames.map(([trait, name]) => (
        <Values key={trait} trait={trait} name={name} />
      ))}
    </nav>
  );
}

function isChoice(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.choice') !== null;
}

function Kinds(): VNode {
  const { counts, total, listed, ring } = settled.value.received;
  return (
    <ul>
      <Choice name="Everything" count={listed} isChosen={!isNarrowing(filter.value)} onChoose={showAll} />
      {kinds.map((kind) => (
        <Choice
          key={kind}
          name={kindNames[kind]}
          tone={kind}
          count={counts[kind]}
          isChosen={filter.value.kinds.includes(kind)}
          onChoose={(isAdded) => narrow({ kinds: choose(kind, isAdded) })}
        />
      ))}
      {total === ring.capacity && <li class="kept">The newest {total.toLocaleString('en')} are kept.</li>}
    </ul>
  );
}

/** One kind instead of all, or, with a key held down, one more or one less. */
function choose(kind: Kind, isAdded: boolean): readonly Kind[] {
  const chosen = filter.value.kinds;
  if (!isAdded) return chosen.length === 1 && chosen[0] === kind ? [] : [kind];
  return chosen.includes(kind) ? chosen.filter((other) => other !== kind) : [...chosen, kind];
}

function Values({ trait, name }: { trait: Trait; name: string }): VNode | null {
  const tally = settled.value.received.tallies[trait];
  const chosen = filter.value[trait];
  const top = tally.top(mostValues);
  const offered =
    chosen === undefined || top.some(([value]) => value === chosen)
      ? top
      : [[chosen, tally.countOf(chosen)] as const, ...top];
  if (offered.length === 0) return null;
  const more = tally.size - offered.length;
  return (
    <section>
      <h2>{name}</h2>
      <ul>
        {offered.map(([value, count]) => (
          <Choice
            key={value}
            name={value}
            title={trait === 'reason' ? titleOfReason(value) : value}
            count={count}
            isChosen={value === chosen}
            onChoose={() => (value === chosen ? narrow({ [trait]: undefined }) : narrowTo(trait, value))}
          />
        ))}
      </ul>
      {more > 0 && <p>and {more.toLocaleString('en')} more: search for them</p>}
    </section>
  );
}

interface ChoiceProps {
  name: string;
  /** @defaultValue the name */
  title?: string;
  tone?: Kind;
  count: number;
  isChosen: boolean;
  onChoose: (isAdded: boolean) => void;
}

function Choice({ name, title = name, tone, count, isChosen, onChoose }: ChoiceProps): VNode {
  return (
    <li>
      <button
        type="button"
        class={`choice${tone ? ` tone-${tone}` : ''}${count === 0 ? ' none' : ''}`}
        aria-pressed={isChosen}
        title={escapeControls(title)}
        onClick={(event) => onChoose(event.metaKey || event.ctrlKey || event.shiftKey)}
      >
        <span>
          <Value text={name} />
        </span>{' '}
        <b>{count.toLocaleString('en')}</b>
      </button>
    </li>
  );
}
