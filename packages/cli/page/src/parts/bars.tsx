import type { VNode } from 'preact';
import { noFaults } from '../../../src/dev/api/faults.js';
import { happenedAt, traits } from '../data/entry.js';
import { isNarrowing } from '../data/filter.js';
import { now } from '../view/frames.js';
import { isTimeline, showAll } from '../view/open.js';
import { lastProblem } from '../view/problems.js';
import { connection, faults, filter, latest, narrow, rows, settled } from '../view/state.js';
import { kindNames, traitNames } from '../words/entries.js';
import { describeFaults } from '../words/faults.js';
import { timeSpan } from '../words/times.js';
import { setFaults } from './fault-switches.js';
import { Icon } from './icons.js';
import { Value } from './value.js';

/** The state that a reader needs to understand the list. */
export function Bars(): VNode {
  const described = describeFaults(faults.value);
  return (
    <>
      {connection.value === 'lost' && (
        <div class="bar lost" role="status">
          <p>
            <b>successeve dev is not running.</b> What it received stays here until it starts again:{' '}
            <code>npx @successeve/cli dev</code>
          </p>
        </div>
      )}
      {lastProblem.value !== undefined && (
        <div class="bar lost" role="alert">
          <p>{lastProblem.value}</p>
        </div>
      )}
      {described !== undefined && (
        <div class="bar fault" role="status">
          <p>
            <b>Failing on purpose:</b> {described}.
          </p>
          <button type="button" class="button" onClick={() => setFaults(noFaults)}>
            Switch off
          </button>
        </div>
      )}
      <SinglePage />
      {isNarrowing(filter.value) ? <Narrowed /> : <LeftOut />}
    </>
  );
}

const mostPaths = 3;

/** Pages that nothing counts, and the line that adds them. */
function SinglePage(): VNode | null {
  const paths = settled.value.received.uncountedPages.paths(now.value);
  if (paths.length === 0) return null;
  const named = paths.slice(0, mostPaths).join(', ');
  const more = paths.length - mostPaths;
  return (
    <div class="bar fault" role="status">
      <p>
        <b>This looks like a single-page application:</b> one line adds its pages. Scripts of{' '}
        <Value text={named} />
        {more > 0 && ` and ${more.toLocaleString('en')} more pages`} make calls, and nothing counted{' '}
        {paths.length === 1 ? 'that page' : 'those pages'}. Set <code>browser: {'{ documents: true }'}</code>{' '}
        in tracking(), mount <code>browserReports()</code> after your authentication, and add{' '}
        <code>{'<script src="/seen.js" defer></script>'}</code> to the document.
      </p>
    </div>
  );
}

function LeftOut(): VNode | null {
  const { other } = settled.value.received.counts;
  if (other === 0) return null;
  return (
    <div class="bar left-out">
      <p>
        {other.toLocaleString('en')}{' '}
        {other === 1 ? 'request that is never a page is' : 'requests that are never pages are'} not listed:
        calls of scripts, forms, prefetches.
      </p>
      <button type="button" class="link" onClick={() => narrow({ kinds: ['other'] })}>
        Show {other === 1 ? 'it' : 'them'}
      </button>
    </div>
  );
}

function Narrowed(): VNode {
  const { search, kinds } = filter.value;
  return (
    <div class="bar narrowed">
      <p>
        <b>{rows.value.count.toLocaleString('en')}</b> of {latest.value.received.total.toLocaleString('en')}
      </p>
      {traits.map((trait) => {
        const value = filter.value[trait];
        if (value === undefined) return null;
        const name = trait === 'contact' ? 'Timeline of' : traitNames[trait];
        return <Chip key={trait} name={name} value={value} onRemove={() => narrow({ [trait]: undefined })} />;
      })}
      {kinds.map((kind) => (
        <Chip
          key={kind}
          name="Kind"
          value={kindNames[kind]}
          onRemove={() => narrow({ kinds: kinds.filter((other) => other !== kind) })}
        />
      ))}
      {search.trim() !== '' && <Chip name="Search" value={search} onRemove={() => narrow({ search: '' })} />}
      <button type="button" class="link" onClick={showAll}>
        Show everything
      </button>
      {isTimeline() && <Span />}
    </div>
  );
}

/** The time that a timeline covers. */
function Span(): VNode | null {
  const { count, seqAt } = rows.value;
  const { ring } = latest.value.received;
  const last = ring.get(seqAt(0));
  const first = ring.get(seqAt(count - 1));
  if (!first || !last) return null;
  return <p class="span">{timeSpan(happenedAt(first), happenedAt(last))}</p>;
}

function Chip({ name, value, onRemove }: { name: string; value: string; onRemove: () => void }): VNode {
  return (
    <button type="button" class="chip" onClick={onRemove} title="No longer narrow by this">
      <span>{name}</span>{' '}
      <b>
        <Value text={value} />
      </b>{' '}
      <Icon name="close" />
    </button>
  );
}
