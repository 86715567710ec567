import { reporter } from './reporter.js';

export interface EventOptions {
  /** Attributes of the event, as JSON can carry them. */
  params?: Readonly<Record<string, unknown>>;
}

/**
 * Records an event of the visitor. The server takes those that its option `browser.events` lists, and knows who it is.
 * Never throws. Before `startReporting` was called, events wait for it.
 *
 * @example event('filter_saved', { params: { filter: 'overdue' } })
 */
export function event(name: string, { params }: EventOptions = {}): void {
  const happenedAt = Date.now();
  try {
    // Copied at the call: what the application changes later changes nothing.
    const copy = params && JSON.parse(JSON.stringify(params));
    reporter()?.add(() => ({ event: name, params: copy, age: Date.now() - happenedAt }));
  } catch (error) {
    console.warn(`[successeve] event "${name}": params: expected JSON`, error);
  }
}
