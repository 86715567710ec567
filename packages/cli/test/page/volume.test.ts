import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startDevCommand } from '../command.js';
import { type Dev, send } from '../dev.js';
import { watchMainThread, workOfTasks } from './main-thread.js';
import { countOf, details, rows, startDevWithPage, visit } from './visit.js';

const many = 100_000;

/** Puts entries where those of requests go, a batch at a time: a hundred thousand requests would take a minute. */
function fill({ devApi }: Dev, count: number): void {
  const request = { method: 'POST', target: '/v1/batch', headers: '[]', body: '[]', status: 200 } as const;
  for (let from = 0; from < count; from += 100) {
    const at = Date.now();
    devApi.store.addRequest(
      { ...request, at, problem: undefined, advice: undefined },
      Array.from({ length: 100 }, (_, index) => ({
        type: 'accepted',
        at,
        kind: 'event',
        index,
        contactUid: `contact_${(from + index) % 997}`,
        eventUid: `event_${from + index}`,
        displayName: 'One of many',
      })),
    );
  }
}

async function openMany(count: number): Promise<Page> {
  const dev = await startDevWithPage();
  fill(dev, count);
  const page = await visit(dev.url);
  await expect.poll(() => countOf(page, 'Everything'), { timeout: 30_000 }).toBe(count.toLocaleString('en'));
  return page;
}

const frames = 90;

/** How much the page works for a frame while a user scrolls and types, in milliseconds. */
async function workPerFrame(page: Page): Promise<number> {
  const mainThread = await watchMainThread(page);
  const before = await mainThread.workMs();
  await page.evaluate(async (frames) => {
    const list = document.querySelector('.rows') as HTMLElement;
    const search = document.querySelector('#search') as HTMLInputElement;
    for (let step = 0; step < frames; step++) {
      if (step % 10 === 0) {
        search.value = 'event_1'.slice(0, 1 + (step % 7));
        search.dispatchEvent(new Event('input', { bubbles: true }));
      } else list.scrollTop = (list.scrollHeight / frames) * step;
      await new Promise(requestAnimationFrame);
    }
  }, frames);
  return ((await mainThread.workMs()) - before) / frames;
}

describe(`${many.toLocaleString('en')} entries`, () => {
  it('make the page work little more than a hundred, and show as few rows', async () => {
    const few = await workPerFrame(await openMany(100));
    const page = await openMany(many);
    const work = await workPerFrame(page);
    expect(work).toBeLessThan(few * 2 + 10);
    expect(await rows(page).count()).toBeLessThan(60);
  });

  it('can be read to their end, searched, and opened', async () => {
    const page = await openMany(many);
    await page.keyboard.press('j');
    await page.keyboard.press('End');
    await rows(page, /event_0\b/).waitFor();
    await page.getByRole('searchbox').fill('event_7777 many');
    await page.getByText(/^11 of 100,000$/).waitFor();
    await rows(page, /event_77770\b/).click();
    await details(page).getByRole('heading', { name: 'event_77770' }).waitFor();
  });
});

it('works in short tasks while 20 000 events arrive in four seconds and a user types, and loses none', async () => {
  const { url } = await startDevCommand(['--rate-limit', 'off', '--quiet']);
  const page = await visit(url);
  const search = page.getByRole('searchbox');
  await search.focus();
  const tasks = await workOfTasks(page, async () => {
    const sending = sendMany(url);
    await page.keyboard.type('event_1999', { delay: 300 });
    await sending;
    await expect.poll(() => countOf(page, 'Everything')).toBe('20,000');
  });
  const longest = tasks[0];
  const all = tasks.reduce((sum, task) => sum + task, 0);
  expect(longest, 'the longest task, in ms').toBeLessThan(50);
  expect(all, 'all tasks, in ms').toBeLessThan(2_000);
  for (const nth of [0, 7777, 19_999]) {
    await search.fill(`event_${nth}`);
    await rows(page, new RegExp(`event_${nth}\\b`))
      .last()
      .waitFor();
  }
});

/** Sends 20 000 events in four seconds, fifty at a time. */
async function sendMany(url: string): Promise<void> {
  const startedAt = performance.now();
  const sent: Promise<unknown>[] = [];
  for (let batch = 0; batch < 400; batch++) {
    const body = Array.from({ length: 50 }, (_, index) => ({
      method: 'event',
      contact_uid: `contact_${(batch * 50 + index) % 5000}`,
      event_uid: `event_${batch * 50 + index}`,
      params: { display_name: 'One of many', plan: 'pro' },
    }));
    sent.push(send(`${url}/v1/batch`, { body }));
    await delay(Math.max(0, startedAt + (batch + 1) * 10 - performance.now()));
  }
  await Promise.all(sent);
}
