import type { Page } from 'playwright-core';

/** How much a page has worked, in place of how long it took: other programs on the machine do not change that. */
export interface MainThread {
  /** How much of the processor's time the tasks of the page have had so far, in milliseconds. */
  workMs(): Promise<number>;
}

/** Begins to count the work of a page. */
export async function watchMainThread(page: Page): Promise<MainThread> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    workMs: async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      const tasks = metrics.find(({ name }) => name === 'TaskDuration');
      if (!tasks) throw new Error('expected TaskDuration among the metrics of the browser');
      return tasks.value * 1000;
    },
  };
}
