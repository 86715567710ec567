import { cores, Worker } from './processes.mjs';

/** A process of its own that uses one library. */
export class Client {
  #worker = new Worker('workloads/client.mjs', { core: cores.measured });

  /**
   * @param {string} name of the library and its settings
   * @param {string} url of the collector
   */
  static async open(name, url) {
    const client = new Client();
    await client.#worker.ask({ task: 'open', name, url });
    return client;
  }

  /**
   * @param {{ events: number, perTurn: number }} load
   * @returns {Promise<{ startedAt: number, callUs: number, cpuUs: number, blockMs: number }>}
   */
  tell(load) {
    return this.#worker.ask({ task: 'tell', ...load });
  }

  /** @returns {Promise<{ cpuUs: number }>} */
  finish() {
    return this.#worker.ask({ task: 'finish' });
  }

  /** @returns {Promise<{ heapMb: number, rssMb: number }>} */
  memory() {
    return this.#worker.ask({ task: 'memory' });
  }

  async end() {
    await this.#worker.end();
  }
}
