import { expect, it } from 'vitest';
import { startDevCommand } from '../command.js';
import { send } from '../dev.js';
import { countOf, visit } from './visit.js';

const events = 20_000;
const seconds = 4;

it('shows a typed letter within 100 ms while 20 000 events arrive in four seconds', async () => {
  const { url } = await startDevCommand(['--rate-limit', 'off', '--quiet']);
  const page = await visit(url);
  const search = page.getByRole('searchbox');
  await search.focus();
  await page.evaluate(() => {
    const delays: number[] = [];
    Object.assign(window, { delays });
    document.getElementById('search')?.addEventListener('input', ({ timeStamp }) => {
      // When the letter is painted: behind the next frame.
      requestAnimationFrame(() => setTimeout(() => delays.push(performance.now() - timeStamp)));
    });
  });
  const batches = events / 50;
  const startedAt = performance.now();
  const sent: Promise<unknown>[] = [];
  const sending = (async () => {
    for (let batch = 0; batch < batches; batch++) {
      const body = Array.from({ length: 50 }, (_, index) => ({
        method: 'event',
        contact_uid: `contact_${(batch * 50 + index) % 5000}`,
        event_uid: `event_${batch * 50 + index}`,
        params: { display_name: 'One of many', plan: 'pro' },
      }));
      sent.push(send(`${url}/v1/batch`, { body }));
      const dueIn = startedAt + ((batch + 1) * seconds * 1000) / batches - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueIn)));
    }
  })();
  for (const letter of 'event_1999') {
    await page.keyboard.press(letter);
    await page.waitForTimeout(300);
  }
  await sending;
  await Promise.all(sent);
  const delays = (await page.evaluate(() => Reflect.get(window, 'delays') as number[])).map(Math.round);
  expect(delays).toHaveLength(10);
  // The slowest of ten is the machine's: others run on it too.
  const slowest = delays.toSorted((one, other) => one - other)[8];
  expect(slowest, `of ${delays.join(', ')} ms`).toBeLessThan(100);
  await expect.poll(() => countOf(page, 'Everything')).toBe(events.toLocaleString('en'));
});
