import type { Page } from 'playwright-core';

/** How much of the processor's time a page takes, in milliseconds: other programs on the machine do not change that. */
export interface MainThread {
  /** What its tasks have taken so far. */
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

/** A trace of the browser, as far as it is read here; durations are in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** The processor's time. */
  readonly tdur?: number;
}

const mark = 'this page';

/**
 * Returns what each task of a page took while something happened, the longest first. A browser makes one trace at a time,
 * so a single test file may ask for it.
 */
export async function workOfTasks(page: Page, during: () => Promise<void>): Promise<readonly number[]> {
  const browser = page.context().browser();
  if (!browser) throw new Error('expected a page of a browser that was started');
  await browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing'] });
  await page.evaluate((name) => void performance.mark(name), mark);
  await during();
  const trace = (await browser.stopTracing()).toString();
  const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(trace);
  const marked = traceEvents.find(({ name }) => name === mark);
  if (!marked) throw new Error('expected the mark of the page in the trace');
  return traceEvents
    .filter(({ pid, tid, name }) => pid === marked.pid && tid === marked.tid && name === taskName)
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((one, other) => other - one);
}

const taskName = 'ThreadControllerImpl::RunTask';
