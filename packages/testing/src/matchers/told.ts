import type { SkipReason } from '@successeve/core';
import { readQueuedEvent } from '@successeve/core/queue';
import { describeValue } from '../describe-value.js';
import type { FakeApi } from '../fake-api.js';
import type { ReceivedEvent } from '../received.js';
import type { RecordedEvent, Recorder } from '../recorder.js';
import { isPlainObject } from './one-line.js';

/** What a recorder or a fake API can tell to a matcher. */
export interface Told {
  /** How to call it in a message. */
  readonly name: string;
  /** That it was told nothing. */
  readonly nothing: string;
  readonly events: readonly RecordedEvent[];
  /** What to look for where an event is missing, or a pageview. */
  reasons(missing: RecordedEvent['kind']): readonly string[];
}

/** @throws TypeError for anything else */
export function readTold(subject: unknown): Told {
  const { events, stats, requests } = (subject ?? {}) as Partial<Recorder & FakeApi>;
  if (Array.isArray(events) && typeof stats === 'function') return ofRecorder(subject as Recorder);
  if (Array.isArray(events) && Array.isArray(requests)) return ofFakeApi(subject as FakeApi);
  throw new TypeError(
    `expect(…): expected what createRecorder or startFakeApi returned, got ${describeSubject(subject)}`,
  );
}

/** Of an object its members too: `{ recorder }` is easily written for `recorder`. */
function describeSubject(subject: unknown): string {
  if (typeof (subject as Partial<Recorder> | undefined)?.stats === 'function')
    return 'a tracker that is no recorder';
  const names = isPlainObject(subject) ? Object.keys(subject) : [];
  const described = describeValue(subject);
  return described === 'an object' && names.length > 0 ? `${described} with ${names.join(', ')}` : described;
}

function ofRecorder(recorder: Recorder): Told {
  const { contacts, accounts } = recorder;
  const updates = [...inNumber(contacts.length, 'contact'), ...inNumber(accounts.length, 'account')];
  return {
    name: 'recorder',
    nothing:
      updates.length > 0 ? `No event was tracked, only ${updates.join(' and ')}.` : 'Nothing was tracked.',
    events: recorder.events,
    reasons(missing) {
      const { dropped, pageviews } = recorder.stats();
      const why =
        missing === 'pageview' ? tellSkipped(pageviews.skipped) : tellCounts('Dropped so far', dropped);
      if (why.length > 0) return why;
      const hasSome = recorder.events.some(({ kind }) => kind === missing);
      if (hasSome) return [];
      return updates.length > 0 ? [wait] : ['Did the application get this recorder?', wait];
    },
  };
}

function inNumber(count: number, noun: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
}

const wait =
  'An automatic pageview, and an event whose contact is asked for, are there after `await recorder.flush()`.';

/** What a test does differently from a browser, most often. */
const advice: Partial<Record<SkipReason, string>> = {
  not_a_page:
    'not_a_page: ask as a browser does, with the header Accept: text/html, or with Sec-Fetch-Dest: document in a fetch',
  bot: "bot: send the whole User-Agent of a browser; that of Node's fetch is taken for a bot's",
  no_contact: 'no_contact: identify knew nobody by the end of the response; sign in first',
};

function tellSkipped(skipped: Readonly<Record<SkipReason, number>>): readonly string[] {
  const counts = tellCounts('Requests so far that were no pageviews', skipped);
  const reasons = Object.entries(advice).filter(([reason]) => skipped[reason as SkipReason] > 0);
  return [...counts, ...reasons.map(([, line]) => `  ${line}`)];
}

function tellCounts(label: string, counts: Readonly<Record<string, number>>): readonly string[] {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length > 0
    ? [`${label}: ${some.map(([reason, count]) => `${count} ${reason}`).join(', ')}`]
    : [];
}

function ofFakeApi({ events, requests }: FakeApi): Told {
  return {
    name: 'api',
    nothing: 'The API received no event.',
    events: events.map(fromWire),
    reasons() {
      const refused = requests.findLast(({ problem }) => problem !== undefined);
      if (refused) return [`The last request that was refused, with ${refused.status}: ${refused.problem}`];
      return requests.length === 0
        ? [
            'No request came. Does the application use url and token of this API? `await api.waitForEvents(1)` waits.',
          ]
        : [];
    },
  };
}

/** An event off the wire, in the words in which it was tracked. */
function fromWire(event: ReceivedEvent): RecordedEvent {
  return readQueuedEvent({
    id: 0,
    kind: event.event_uid === 'pageview' ? 'pageview' : 'event',
    body: JSON.stringify(event),
    bytes: 0,
    occurredAt: Date.parse(event.created_at ?? ''),
  }) as RecordedEvent;
}
