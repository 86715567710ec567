import { TrackingError } from '../errors.js';
import type { QueuedEvent } from '../queue/queue.js';
import type { SendResult } from '../transport/transport.js';

/** One request to the API. */
export interface Request {
  readonly events: readonly QueuedEvent[];
  readonly isBatch: boolean;
  /** The pause of the gate that the request began after. */
  readonly generation: number;
  readonly startedAt: number;
}

/** How long after its time-out a request is overdue. Our choice: a transport is late by less. */
const lateMs = 5_000;

export const overdue: SendResult = {
  status: 'unavailable',
  error: new TrackingError('unavailable', 'the platform ended a request to the API'),
  areInnocent: true,
};

export class InFlight {
  readonly #requests = new Set<Request>();
  #onIdle: () => void = () => {};
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get requests(): number {
    return this.#requests.size;
  }

  get events(): number {
    return [...this.#requests].reduce((sum, { events }) => sum + events.length, 0);
  }

  begin(request: Request): void {
    this.#requests.add(request);
  }

  /** @returns false where it has ended already. */
  end(request: Request): boolean {
    return this.#requests.delete(request);
  }

  /** Requests whose end will never come. */
  overdue(now: number): Request[] {
    return [...this.#requests].filter(({ startedAt }) => now - startedAt > this.#timeoutMs + lateMs);
  }

  /** Resolves when no request is under way; `checkIdle` is called whenever one has ended and was dealt with. */
  idle(): Promise<void> {
    if (this.requests === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  checkIdle(): void {
    if (this.requests === 0) this.#onIdle();
  }
}
