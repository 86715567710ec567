import fc from 'fast-check';
import { expect, vi } from 'vitest';
import { TrackingError } from '../src/errors.js';
import { eventKinds, type Queue, type QueuedEvent } from '../src/queue/queue.js';
import { eventMaker, type QueueLimits, testHost } from './queue-contract.js';

/** How a queue shows itself to the model. Time is faked. */
export interface ModelledQueue {
  create(): Queue;
  limits: Required<QueueLimits>;
  /** Another queue on the same place, as the next process would create it; only where events outlive the process. */
  reopen?: () => Queue;
  /** Lets so much time pass that a process that is not heard of is taken for dead. */
  outlastMs?: number;
}

type Kind = QueuedEvent['kind'];

interface ModelEvent {
  /** The place in the order of all events ever pushed; it is in the body. */
  readonly n: number;
  readonly kind: Kind;
  readonly bytes: number;
}

/** What a queue should hold, as plainly as it can be said. */
interface Model {
  waiting: ModelEvent[];
  leased: ModelEvent[];
  /** What would be there after a crash: what was pushed before the disk last had its turn, and has not ended since. */
  onDisk: ModelEvent[];
  /** What this process accepted, and what came to its end in it. */
  accepted: number;
  ended: number;
}

interface Real {
  readonly under: ModelledQueue;
  queue: Queue;
  host: ReturnType<typeof testHost>;
  make: ReturnType<typeof eventMaker>;
  pushed: number;
  leased: Map<number, QueuedEvent>;
}

type Command = fc.AsyncCommand<Model, Real>;

const byOrder = (a: ModelEvent, b: ModelEvent): number => a.n - b.n;
const inLane = (events: readonly ModelEvent[], kind: Kind): ModelEvent[] =>
  events.filter((event) => event.kind === kind).sort(byOrder);
const inOrder = (events: readonly ModelEvent[]): ModelEvent[] =>
  eventKinds.flatMap((kind) => inLane(events, kind));
const nOf = ({ body }: QueuedEvent): number => JSON.parse(body).n;
const sum = (events: readonly ModelEvent[]): number => events.reduce((total, { bytes }) => total + bytes, 0);

/** The account, which must be right after every single step. */
function expectAccount(model: Model, { queue, host, leased }: Real): void {
  expect(host.accepted).toBe(model.ended + queue.length + leased.size);
  expect(host.errors).toEqual([]);
}

function command(name: string, run: (model: Model, real: Real) => void | Promise<void>): Command {
  return {
    check: () => true,
    toString: () => name,
    async run(model, real) {
      await run(model, real);
      expectAccount(model, real);
    },
  };
}

function push(model: Model, real: Real, kind: Kind, bytes: number): void {
  const { maxEvents, maxBytes } = real.under.limits;
  const event: ModelEvent = { n: ++real.pushed, kind, bytes };
  const { id } = real.make(kind, bytes);
  const queued = { id, kind, bytes, body: JSON.stringify({ n: event.n }), occurredAt: event.n };

  const held = (): ModelEvent[] => [...model.waiting, ...model.leased];
  const hasRoom = (): boolean => held().length < maxEvents && sum(held()) + bytes <= maxBytes;
  const pageviews = inLane(model.waiting, 'pageview');
  const expected: number[] = [];
  if (!hasRoom() && (pageviews.length === 0 || sum(held()) - sum(pageviews) + bytes > maxBytes)) {
    expected.push(event.n);
  } else {
    while (!hasRoom()) {
      const oldest = pageviews.shift() as ModelEvent;
      model.waiting = model.waiting.filter((other) => other !== oldest);
      expected.push(oldest.n);
    }
    model.waiting.push(event);
  }
  real.host.accepted++;
  model.ended += expected.length;
  expect(real.queue.push(queued).map(nOf)).toEqual(expected);
}

/** Takes some of the leased events out of the model and the real thing. */
function take(model: Model, real: Real, picks: readonly number[]): [ModelEvent[], QueuedEvent[]] {
  const taken = [...new Set(picks.map((pick) => model.leased[pick % model.leased.length]))].filter(
    (event) => event !== undefined,
  );
  model.leased = model.leased.filter((event) => !taken.includes(event));
  const events = taken.map(({ n }) => real.leased.get(n) as QueuedEvent);
  for (const { n } of taken) real.leased.delete(n);
  return [taken, events];
}

/** What ended leaves the disk at once, and with it what made room before; of that nothing is sent twice. */
function note(model: Model): void {
  model.onDisk = model.onDisk.filter(
    (event) => model.waiting.includes(event) || model.leased.includes(event),
  );
}

async function turn(model: Model): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  model.onDisk = [...model.waiting, ...model.leased];
}

async function reopen(model: Model, real: Real, found: readonly ModelEvent[]): Promise<void> {
  real.queue = real.under.reopen?.() as Queue;
  real.host = testHost();
  real.make = eventMaker();
  real.leased = new Map();
  model.waiting = [...found];
  model.leased = [];
  model.ended = 0;
  real.queue.open?.(real.host);
  await turn(model);
}

const kind = fc.constantFrom<Kind>(...eventKinds);
const picks = fc.array(fc.nat(50), { minLength: 1, maxLength: 8 });
const rejection = new TrackingError('rejected', 'the API answered 422', { status: 422, body: 'why' });

function commandsFor({ reopen: canReopen, outlastMs = 0 }: ModelledQueue): fc.Arbitrary<Command>[] {
  const always = [
    fc
      .tuple(kind, fc.integer({ min: 1, max: 60 }))
      .map(([kind, bytes]) => command(`push ${kind} of ${bytes}`, (m, r) => push(m, r, kind, bytes))),
    fc.tuple(kind, fc.integer({ min: 2, max: 400 })).map(([kind, count]) =>
      command(`push ${count} × ${kind}`, (m, r) => {
        for (let i = 0; i < count; i++) push(m, r, kind, 1);
      }),
    ),
    fc.integer({ min: 1, max: 300 }).map((limit) =>
      command(`lease ${limit}`, (model, real) => {
        const expected = inOrder(model.waiting).slice(0, limit);
        const events = real.queue.lease(limit);
        expect(events.map(nOf)).toEqual(expected.map(({ n }) => n));
        model.waiting = model.waiting.filter((event) => !expected.includes(event));
        model.leased.push(...expected);
        for (const event of events) real.leased.set(nOf(event), event);
      }),
    ),
    picks.map((picks) =>
      command(`deliver ${picks}`, (model, real) => {
        const [taken, events] = take(model, real, picks);
        model.ended += taken.length;
        real.queue.settle(events);
        note(model);
      }),
    ),
    picks.map((picks) =>
      command(`reject ${picks}`, (model, real) => {
        const [taken, events] = take(model, real, picks);
        model.ended += taken.length;
        real.queue.settle(events, rejection);
        note(model);
      }),
    ),
    picks.map((picks) =>
      command(`release ${picks}`, (model, real) => {
        const [taken, events] = take(model, real, picks);
        model.waiting.push(...taken);
        real.queue.release(events);
      }),
    ),
    fc.constant(command('turn', turn)),
  ];
  if (!canReopen) return always;
  return [
    ...always,
    fc.constant(
      command('restart', async (model, real) => {
        const found = [...model.waiting, ...model.leased];
        real.queue.release([...real.leased.values()]);
        expect(real.queue.close()).toEqual([]);
        await reopen(model, real, found);
      }),
    ),
    fc.constant(
      command('crash', async (model, real) => {
        // Nothing of the old process runs any more, and what it did since the disk had its turn never happened.
        const diedAt = Date.now();
        // It sets the clock back as well.
        vi.clearAllTimers();
        vi.setSystemTime(diedAt + outlastMs);
        await reopen(model, real, model.onDisk);
      }),
    ),
  ];
}

/** Checks a queue against the model, for any interleaving of what may happen to it. */
export async function checkAgainstModel(under: () => ModelledQueue, numRuns: number): Promise<void> {
  const commands = fc.commands(commandsFor(under()), { maxCommands: 40, size: 'max' });
  await fc.assert(
    fc.asyncProperty(commands, async (commands) => {
      vi.useFakeTimers();
      const queue = under();
      const real: Real = {
        under: queue,
        queue: queue.create(),
        host: testHost(),
        make: eventMaker(),
        pushed: 0,
        leased: new Map(),
      };
      real.queue.open?.(real.host);
      const model: Model = { waiting: [], leased: [], onDisk: [], accepted: 0, ended: 0 };
      await turn(model);
      try {
        await fc.asyncModelRun(() => ({ model, real }), commands);
        // Nothing is lost: all that was neither delivered nor dropped is still there, in order.
        real.queue.release([...real.leased.values()]);
        const left = inOrder([...model.waiting, ...model.leased]);
        expect(real.queue.lease(left.length + 1).map(nOf)).toEqual(left.map(({ n }) => n));
      } finally {
        vi.useRealTimers();
      }
    }),
    { numRuns, endOnFailure: false },
  );
}
