import type { SkipReason } from '@successeve/core';
import { readQueuedEvent } from '@successeve/core/queue';
import { describeValue } from '../describe-value.js';
import type { FakeApi } from '../fake-api.js';
import type { ReceivedEvent } from '../received.js';
import type { RecordedEvent, Recorder } from '../recorder.js';
import { isPlainObject } from './one-line.js';

/** The events of a recorder or a fake API, and what a failure says about them. */
export interface Recording {
  /** Its name in a message. */
  readonly name: string;
  /** The message if it has no events. */
  readonly nothing: string;
  readonly events: readonly RecordedEvent[];
  /** Likely reasons why an event, or a pageview, is missing. */
  reasons(missing: RecordedEvent['kind']): readonly string[];
}

/** @throws TypeError for anything else */
export function readRecording(subject: unknown): Recording {
  const { events, stats, requests } = (subject ?? {}) as Partial<Recorder & FakeApi>;
  if (Array.isArray(events) && typeof stats === 'function') return ofRecorder(subject as Recorder);
  if (Array.isArray(events) && Array.isArray(requests)) return ofFakeApi(subject as FakeApi);
  throw new TypeError(
    `expect(…): expected what createRecorder or startFakeApi returned, got ${describeSubject(subject)}`,
  );
}

/** Names the members of an object: `{ recorder }` is easily written for `recorder`. */
function describeSubject(subject: unknown): string {
  if (typeof (subject as Partial<Recorder> | undefined)?.stats === 'function')
    return 'a tracker that is not a recorder';
  const names = isPlainObject(subject) ? Object.keys(subject) : [];
  const described = describeValue(subject);
  return described === 'an object' && names.length > 0 ? `${described} with ${names.join(', ')}` : described;
}

function ofRecorder(recorder: Recorder): Recording {
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
        missing === 'pageview' ? listSkipped(pageviews.skipped) : listCounts('Dropped so far', dropped);
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

/** The usual differences between a test and a browser. */
const advice: Partial<Record<SkipReason, string>> = {
  not_a_page:
    'not_a_page: ask as a browser does, with the header Accept: text/html, or with Sec-Fetch-Dest: document in a fetch',
  bot: "bot: send the whole User-Agent of a browser; that of Node's fetch counts as a bot's",
  no_contact: 'no_contact: identify returned no contact by the end of the response; sign in first',
};

function listSkipped(skipped: Readonly<Record<SkipReason, number>>): readonly string[] {
  const counts = listCounts('Requests so far that were not pageviews', skipped);
  const reasons = Object.entries(advice).filter(([reason]) => skipped[reason as SkipReason] > 0);
  return [...counts, ...reasons.map(([, line]) => `  ${line}`)];
}

function listCounts(label: string, counts: Readonly<Record<string, number>>): readonly string[] {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length > 0
    ? [`${label}: ${some.map(([reason, count]) => `${count} ${reason}`).join(', ')}`]
    : [];
}

function ofFakeApi({ events, requests }: FakeApi): Recording {
  return {
    name: 'api',
    nothing: 'The API received no event.',
    events: events.map(fromWire),
    reasons() {
      const rejected = requests.findLast(({ problem }) => problem !== undefined);
      if (rejected) return [`The last rejected request, with ${rejected.status}: ${rejected.problem}`];
      return requests.length === 0
        ? [
            'No request came. Does the application use url and token of this API? `await api.waitForEvents(1)` waits.',
          ]
        : [];
    },
  };
}

/** An event from the wire, as it was tracked. */
function fromWire(event: ReceivedEvent): RecordedEvent {
  return readQueuedEvent({
    id: 0,
    kind: event.event_uid === 'pageview' ? 'pageview' : 'event',
    body: JSON.stringify(event),
    bytes: 0,
    occurredAt: Date.parse(event.created_at ?? ''),
  }) as RecordedEvent;
}
