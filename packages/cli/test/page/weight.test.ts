import { expect, it } from 'vitest';
import { send } from '../dev.js';
import { startDevWithPage, visit } from './visit.js';

it('weighs what the README states, and nothing where the browser has it already', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const bytes = await page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ name }) => !name.includes('/dev/'))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
  );
  expect(bytes / 1000).toBeGreaterThan(20);
  expect(bytes / 1000).toBeLessThan(33);
  const first = await send(dev.url, { method: 'GET', isBare: true });
  const headers = { 'if-none-match': first.headers.etag ?? '' };
  expect((await send(dev.url, { method: 'GET', isBare: true, headers })).status).toBe(304);
});
