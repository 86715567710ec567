import { cores, Worker } from './processes.mjs';

/**
 * What the collector has seen since the last reset.
 *
 * @typedef {object} Collected
 * @property {number} requests
 * @property {number} sockets
 * @property {number} unique events, each counted once
 * @property {number} repeated events that came again
 * @property {number} lastAt when the last request came, in epoch milliseconds
 */

/** A process of its own that takes events in any format. */
export class Collector {
  #worker = new Worker('workloads/collector.mjs', { core: cores.around });
  url = '';

  /**
   * Forgets everything, and expects events with ids below `events`.
   *
   * @param {{ events: number, delayMs?: number, isHanging?: boolean, requestsLeft?: number }} options
   */
  async reset(options) {
    ({ url: this.url } = await this.#worker.ask({ ask: 'reset', ...options }));
  }

  /** Ends the hanging. */
  async answer() {
    await this.#worker.ask({ ask: 'answer' });
  }

  /** @returns {Promise<Collected>} */
  async count() {
    return this.#worker.ask({ ask: 'count' });
  }

  /**
   * Waits until all events have come, or nothing more comes.
   *
   * @param {number} events
   * @param {number} [patienceMs] how long nothing may come
   */
  async settle(events, patienceMs = 3000) {
    let { unique } = await this.count();
    for (let quietSince = Date.now(); unique < events && Date.now() - quietSince < patienceMs; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const now = await this.count();
      if (now.unique !== unique) quietSince = Date.now();
      unique = now.unique;
    }
    return this.count();
  }

  async end() {
    await this.#worker.end();
  }
}
