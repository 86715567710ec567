import { scale } from '@successeve/test-scale';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { delivered, misconfigured, rateLimited, unavailable } from '../../test/stub-transport.js';
import { createTracker, type SendResult, type Tracker } from '../index.js';
import type { QueuedEvent } from '../queue.js';

type Weather = 'well' | 'away' | 'limited' | 'locked' | 'unsettled' | 'deaf' | 'grudging';

type Step =
  | { update: 'contact' | 'account'; uid: number; attributes: Record<string, number> }
  | { events: number }
  | { wait: number }
  | { weather: Weather; answerMs: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      update: fc.constantFrom('contact' as const, 'account' as const),
      uid: fc.integer({ min: 1, max: 3 }),
      attributes: fc.dictionary(fc.constantFrom('plan', 'seats', 'mrr'), fc.integer({ min: 0, max: 3 }), {
        minKeys: 1,
      }),
    }),
  },
  fc.record({ events: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ wait: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 })) }),
  fc.record({
    weather: fc.constantFrom<Weather>('well', 'away', 'limited', 'locked', 'unsettled', 'deaf', 'grudging'),
    answerMs: fc.constantFrom(0, 7, 3000),
  }),
);

/** An API that keeps the last value of each attribute that it is sent. */
class Api {
  weather: Weather = 'well';
  answerMs = 0;
  readonly known = new Map<string, Record<string, number>>();
  readonly #underWay = new Set<string>();
  readonly #grudged = new Set<number>();
  #n = 0;

  async send(events: readonly QueuedEvent[]): Promise<SendResult> {
    const updates = events.filter(({ kind }) => kind === 'contact' || kind === 'account');
    const subjects = updates.map(({ kind, body }) => {
      const { contact_uid, account_uid } = JSON.parse(body);
      return `${kind} ${contact_uid ?? account_uid}`;
    });
    // Two at once could arrive in either order.
    expect(new Set(subjects).size).toBe(subjects.length);
    for (const subject of subjects) {
      expect(this.#underWay.has(subject)).toBe(false);
      this.#underWay.add(subject);
    }
    const answer = this.#answer(events);
    // This one takes the update, and its answer is lost.
    if (answer === delivered || this.weather === 'deaf') {
      for (const [index, subject] of subjects.entries()) {
        this.known.set(subject, {
          ...this.known.get(subject),
          ...JSON.parse(updates[index]?.body ?? '').params,
        });
      }
    }
    if (this.answerMs > 0) await new Promise((resolve) => setTimeout(resolve, this.answerMs));
    for (const subject of subjects) this.#underWay.delete(subject);
    return answer;
  }

  #answer(events: readonly QueuedEvent[]): SendResult {
    this.#n++;
    // One that fails on each update once.
    if (this.weather === 'grudging' && events.some(({ id }) => !this.#grudged.has(id))) {
      for (const { id } of events) this.#grudged.add(id);
      return unavailable(500);
    }
    if (this.weather === 'away' || this.weather === 'deaf') return unavailable(503);
    if (this.weather === 'limited') return rateLimited(Date.now() + 20_000);
    if (this.weather === 'locked') return misconfigured(401);
    if (this.weather === 'unsettled' && this.#n % 3 === 0) return unavailable(502);
    return delivered;
  }
}

function expectAccount(tracker: Tracker, accountedFor: number): void {
  const { accepted, delivered, queued, inFlight, updates } = tracker.stats();
  expect(delivered + queued + inFlight).toBe(accepted);
  expect(accepted + updates.unchanged + updates.superseded).toBe(accountedFor);
}

it.each([{ batch: false }, { batch: { maxEvents: 3, maxWaitMs: 500 } }])(
  'any updates of contacts and accounts, under any conditions, leave the API with the last values (%j)',
  { timeout: 60_000 },
  async ({ batch }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        vi.useFakeTimers();
        const api = new Api();
        // Thrown to the tracker, a failed check would be but another answer.
        const failures: unknown[] = [];
        const noteFailure = (failure: unknown): SendResult => {
          failures.push(failure);
          return delivered;
        };
        const tracker = createTracker({
          transport: { send: (events) => api.send(events).catch(noteFailure) },
          batch,
          flushOnExit: false,
          onError() {},
        });
        const said = new Map<string, Record<string, number>>();
        let tracked = 0;
        try {
          for (const each of steps) {
            if ('update' in each) {
              const subject = `${each.update} ${each.uid}`;
              said.set(subject, { ...said.get(subject), ...each.attributes });
              tracker[each.update](each.uid, each.attributes);
              tracked++;
            } else if ('events' in each) {
              for (let i = 0; i < each.events; i++, tracked++) tracker.event('tested', { contactUid: 1 });
            } else if ('wait' in each) await vi.advanceTimersByTimeAsync(each.wait);
            else Object.assign(api, each);
            expectAccount(tracker, tracked);
          }
          Object.assign(api, { weather: 'well', answerMs: 0 });
          for (let i = 0; i < 5; i++) await vi.advanceTimersByTimeAsync(300_000);
          expect(failures).toEqual([]);
          expect(tracker.stats()).toMatchObject({ queued: 0, inFlight: 0 });
          expectAccount(tracker, tracked);
          expect(Object.fromEntries(api.known)).toEqual(Object.fromEntries(said));
        } finally {
          vi.useRealTimers();
        }
      }),
      { numRuns: scale(1000, 3000) },
    );
  },
);
