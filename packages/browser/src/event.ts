import { reporter } from './reporter.js';

export interface EventOptions {
  /** Attributes of the event, as JSON can carry them. */
  params?: Readonly<Record<string, unknown>>;
}

/**
 * Records an event of the visitor. The server takes the events that its option `browser.events` lists, and knows who the
 * visitor is. Never throws. Without effect before reporting was started.
 *
 * @example event('filter_saved', { params: { filter: 'overdue' } })
 */
export function event(name: string, { params }: EventOptions = {}): void {
  const happenedAt = Date.now();
  try {
    // Copied at the call: what the application changes later changes nothing.
    const frozen = params && JSON.parse(JSON.stringify(params));
    reporter()?.send(() => ({ event: name, params: frozen, age: Date.now() - happenedAt }));
  } catch (error) {
    console.warn(`[successeve] event ${name}: params: expected what JSON can carry`, error);
  }
}
