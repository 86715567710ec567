import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { RequestMessage, TrackerStats } from '@successeve/core';
import { inOptionNames, timeOfDay } from '../show/words.js';

const channel = 'successeve:request';

/** Follows the requests that the tracker makes. */
export class Requests {
  /** Those that the API took or refused for good, and the events in them. */
  count = 0;
  events = 0;
  #last: RequestMessage['result'] = 'delivered';
  readonly #note = (message: unknown): void => {
    const { result, events } = message as RequestMessage;
    this.#last = result;
    if (result !== 'delivered' && result !== 'rejected') return;
    this.count++;
    this.events += events;
  };

  constructor() {
    subscribe(channel, this.#note);
  }

  stop(): void {
    unsubscribe(channel, this.#note);
  }

  /** Why nothing is sent right now, if so. */
  waiting({ pausedUntil, lastError }: TrackerStats): string | undefined {
    if (pausedUntil === null) return undefined;
    const isTrouble = this.#last === 'unavailable' || this.#last === 'misconfigured';
    const why = isTrouble && lastError ? inOptionNames(lastError.message) : 'budget spent';
    return `${why}, resumes at ${timeOfDay(pausedUntil)}`;
  }
}
