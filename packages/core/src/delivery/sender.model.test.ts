import { scale } from '@successeve/test-scale';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { delivered, misconfigured, rateLimited, rejected, unavailable } from '../../test/stub-transport.js';
import { createTracker, memoryQueue, type SendResult, type Tracker } from '../index.js';
import { eventKinds, type QueuedEvent } from '../queue.js';

/** What an event is like: `bad` ones are rejected, and with `poison` the API fails. */
type Flavour = 'good' | 'bad' | 'poison';

type Weather = 'well' | 'away' | 'limited' | 'locked' | 'unsettled';

type Step =
  | { track: Flavour; kind: QueuedEvent['kind']; times: number }
  | { wait: number }
  | { weather: Weather; answerMs: number }
  | { flush: true };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    track: fc.oneof(
      { weight: 8, arbitrary: fc.constant<Flavour>('good') },
      fc.constantFrom<Flavour>('bad', 'poison'),
    ),
    kind: fc.constantFrom<QueuedEvent['kind']>(...eventKinds),
    times: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({ wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 })) }),
  fc.record({
    weather: fc.constantFrom<Weather>('well', 'away', 'limited', 'locked', 'unsettled'),
    answerMs: fc.constantFrom(0, 0, 7, 3000),
  }),
  fc.record({ flush: fc.constant(true as const) }),
);

function nameIn({ body }: QueuedEvent): string {
  const { contact_uid, account_uid } = JSON.parse(body);
  return contact_uid ?? account_uid;
}

/** An API whose weather changes, and that remembers what it was sent and what it took. */
class Api {
  weather: Weather = 'well';
  answerMs = 0;
  readonly taken: string[] = [];
  readonly firstTries: string[] = [];
  readonly #seen = new Set<string>();
  #n = 0;

  async send(events: readonly QueuedEvent[]): Promise<SendResult> {
    const names = events.map(nameIn);
    for (const name of names) {
      if (!this.#seen.has(name)) this.firstTries.push(name);
      this.#seen.add(name);
    }
    const answer = this.#answer(names);
    if (answer.status === 'delivered') this.taken.push(...names);
    if (this.answerMs > 0) await new Promise((resolve) => setTimeout(resolve, this.answerMs));
    return answer;
  }

  #answer(names: readonly string[]): SendResult {
    this.#n++;
    if (this.weather === 'away') return unavailable(503);
    if (this.weather === 'limited') return rateLimited(Date.now() + 20_000);
    if (this.weather === 'locked') return misconfigured(401);
    if (this.weather === 'unsettled' && this.#n % 3 === 0) return unavailable(this.#n % 2 ? 502 : undefined);
    if (names.some((name) => name.includes('poison'))) return unavailable(500);
    if (names.some((name) => name.includes('bad'))) return rejected(422);
    return delivered;
  }
}

function expectAccount(tracker: Tracker): void {
  const { accepted, delivered, queued, inFlight, dropped } = tracker.stats();
  const { invalid, ...others } = dropped;
  const droppedInAll = Object.values(others).reduce((sum, count) => sum + count, 0);
  expect(delivered + queued + inFlight + droppedInAll).toBe(accepted);
}

const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? 0));

describe('for any interleaving of events, waits and weather, the sender', () => {
  it.each([
    { batch: false, maxEvents: 1000 },
    { batch: { maxEvents: 7, maxWaitMs: 500 }, maxEvents: 1000 },
    { batch: { maxEvents: 100, maxWaitMs: 500 }, maxEvents: 40 },
  ])(
    'keeps the account, the order and every event (%j)',
    { timeout: 60_000 },
    async ({ batch, maxEvents }) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          vi.useFakeTimers();
          const api = new Api();
          const lost: string[] = [];
          const tracker = createTracker({
            transport: { send: (events) => api.send(events) },
            queue: memoryQueue({ maxEvents }),
            batch,
            flushOnExit: false,
            onError() {},
            onDrop: ({ contactUid, accountUid }) => lost.push(contactUid ?? accountUid ?? ''),
          });
          const names: string[] = [];
          let poisonous = 0;
          const track = (wanted: Flavour, kind: QueuedEvent['kind']): void => {
            // Not a queue full of them: no other event could get in to show that the fault is theirs.
            const flavour = wanted === 'poison' && ++poisonous > 20 ? 'good' : wanted;
            const contactUid = `${kind}-${names.length}-${flavour}`;
            names.push(contactUid);
            if (kind === 'event') tracker.event('tested', { contactUid });
            else if (kind === 'pageview') tracker.pageview({ contactUid, visitUrl: 'https://example.com/' });
            else tracker[kind](contactUid, { plan: 'gold' });
          };
          try {
            for (const each of steps) {
              if ('track' in each) for (let i = 0; i < each.times; i++) track(each.track, each.kind);
              else if ('wait' in each) await vi.advanceTimersByTimeAsync(each.wait);
              else if ('weather' in each) Object.assign(api, each);
              else void tracker.flush();
              expectAccount(tracker);
            }
            Object.assign(api, { weather: 'well', answerMs: 0 });
            // What must be the event's own fault shows only once the API has taken another one.
            track('good', 'event');
            for (let i = 0; i < 20; i++) {
              await vi.advanceTimersByTimeAsync(300_000);
              track('good', 'event');
              expectAccount(tracker);
            }
            await vi.advanceTimersByTimeAsync(300_000);
            // Every event once, delivered or dropped, and no other.
            expect([...api.taken, ...lost].sort()).toEqual([...names].sort());
            for (const name of lost) if (name.includes('good')) expect(maxEvents).toBe(40);
            expect(tracker.stats()).toMatchObject({ queued: 0, inFlight: 0, delivered: api.taken.length });
            for (const kind of eventKinds) {
              const order = api.firstTries.filter((name) => name.startsWith(kind));
              expect(isRising(order.map((name) => Number(name.split('-')[1])))).toBe(true);
            }
          } finally {
            vi.useRealTimers();
          }
        }),
        { numRuns: scale(100, 300) },
      );
    },
  );
});
