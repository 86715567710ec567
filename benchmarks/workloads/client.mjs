// A process that tells a collector of events through one library, and measures itself while it does.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { answerWith } from '../lib/processes.mjs';
import { openSubject } from '../subjects/index.mjs';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** @type {import('../subjects/index.mjs').Subject} */
let subject;
let told = 0;

/** How far memory has grown, garbage left out: the heap, and what the process takes of the machine. */
let before = { heap: 0, rss: 0 };

function memory() {
  global.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

const tasks = {
  /** @param {{ name: string, url: string }} message */
  async open({ name, url }) {
    subject = await openSubject(name, url);
    before = memory();
  },

  /**
   * Tells of events, so many in each turn of the event loop, as a busy server does.
   *
   * @param {{ events: number, perTurn: number }} message
   */
  async tell({ events, perTurn }) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await turn();
    const startedAt = Date.now();
    const cpu = process.cpuUsage();
    let calls = 0;
    for (let done = 0; done < events; ) {
      const until = Math.min(events, done + perTurn);
      const start = performance.now();
      for (; done < until; done++) subject.event(told++);
      calls += performance.now() - start;
      await turn();
    }
    const { user, system } = process.cpuUsage(cpu);
    // A turn later, so that the last block is seen.
    await turn();
    delay.disable();
    return {
      startedAt,
      callUs: (calls * 1000) / events,
      cpuUs: user + system,
      blockMs: delay.max / 1e6,
    };
  },

  /** Resolves when the library says that it has sent everything. */
  async finish() {
    const cpu = process.cpuUsage();
    await subject.finish();
    const { user, system } = process.cpuUsage(cpu);
    return { cpuUs: user + system };
  },

  memory() {
    const { heap, rss } = memory();
    return { heapMb: (heap - before.heap) / 1e6, rssMb: (rss - before.rss) / 1e6 };
  },
};

answerWith(({ task, ...message }) => tasks[/** @type {keyof typeof tasks} */ (task)](message));
