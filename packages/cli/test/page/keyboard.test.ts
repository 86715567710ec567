import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { event, track } from '../dev.js';
import { details, rows, startDevWithPage, titles, visit } from './visit.js';

/** The title of the row that the keyboard is on, as a screen reader is told. */
function active(page: Page) {
  return expect.poll(() =>
    page.evaluate(() => {
      const grid = document.activeElement;
      const row = document.getElementById(grid?.getAttribute('aria-activedescendant') ?? '');
      return row?.querySelector('.title')?.textContent;
    }),
  );
}

async function openEvents(count: number): Promise<Page> {
  const dev = await startDevWithPage();
  for (let nth = 1; nth <= count; nth++) {
    await track(dev, { ...event, event_uid: `event_${nth}`, contact_uid: `contact_${nth % 2}` });
  }
  const page = await visit(dev.url);
  await rows(page, `event_${count}`).waitFor();
  return page;
}

it('moves through the list, opens, goes on, and closes', async () => {
  const page = await openEvents(3);
  await page.keyboard.press('j');
  await active(page).toBe('event_3');
  await page.keyboard.press('ArrowDown');
  await active(page).toBe('event_2');
  await page.keyboard.press('Enter');
  await details(page).getByRole('heading', { name: 'event_2' }).waitFor();
  await page.keyboard.press('k');
  await details(page).getByRole('heading', { name: 'event_3' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await active(page).toBe('event_3');
  await page.keyboard.press('Escape');
  await details(page).waitFor({ state: 'detached' });
  await active(page).toBe('event_3');
});

it('reaches the end of a long list and comes back, with the row always in sight', async () => {
  const page = await openEvents(200);
  await page.keyboard.press('j');
  await page.keyboard.press('End');
  await active(page).toBe('event_1');
  await expect.poll(() => isInSight(page)).toBe(true);
  await page.keyboard.press('PageUp');
  await expect.poll(() => isInSight(page)).toBe(true);
  await page.keyboard.press('Home');
  await active(page).toBe('event_200');
  await expect.poll(() => isInSight(page)).toBe(true);
});

function isInSight(page: Page): Promise<boolean | undefined> {
  return page.evaluate(() => {
    const box = document.querySelector('.rows')?.getBoundingClientRect();
    const row = document.querySelector('.at-cursor')?.getBoundingClientRect();
    return box && row && row.top >= box.top - 1 && row.bottom <= box.bottom + 1;
  });
}

it('searches, and leaves the search to the list', async () => {
  const page = await openEvents(3);
  await page.keyboard.press('/');
  // Letters are letters here.
  await page.keyboard.type('event_2 jkp?');
  expect(await page.getByRole('searchbox').inputValue()).toBe('event_2 jkp?');
  await page.getByRole('searchbox').fill('event_2');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await active(page).toBe('event_2');
  await page.keyboard.press('Escape');
  await titles(page, 3);
});

it('pauses, shows a timeline, and helps', async () => {
  const page = await openEvents(4);
  await page.keyboard.press('p');
  await page.getByText('Paused', { exact: true }).waitFor();
  await page.keyboard.press('p');
  await page.getByText('Live', { exact: true }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('t');
  expect(await titles(page, 2)).toEqual(['event_4', 'event_2']);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await help.getByText('the timeline of its contact').waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  // Closing the help is all that it did.
  expect(await titles(page, 2)).toEqual(['event_4', 'event_2']);
});

it('announces to screen readers how much came, and what was rejected, now and then', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  await track(dev);
  await track(dev, {});
  await page
    .getByRole('status')
    .getByText(/new.*rejected/)
    .waitFor();
});

it('leads past all the filters to the list', async () => {
  const page = await openEvents(2);
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Skip to the list' }).press('Enter');
  await page.keyboard.press('ArrowDown');
  await active(page).toBe('event_2');
  expect(await details(page).count()).toBe(0);
});

it('leaves buttons their keys', async () => {
  const page = await openEvents(2);
  await page.getByRole('button', { name: 'Pause' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('Paused', { exact: true }).waitFor();
  expect(await details(page).count()).toBe(0);
});

it('goes through the page in the order in which it is read', async () => {
  const page = await openEvents(1);
  await rows(page).click();
  await page.waitForURL(/open=/);
  // So that nothing was clicked yet, and the first key leads to the beginning.
  await page.reload();
  await details(page).getByText('Repeat it').waitFor();
  await page.getByRole('button', { name: 'Everything 1' }).waitFor();
  const order: string[] = [];
  while (order.at(-1) !== 'Copy the curl command') {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent?.trim() ?? '';
    });
    order.push(name);
    expect(order.length, order.join(' | ')).toBeLessThan(60);
  }
  const places = [
    'Search',
    'Pause',
    'Everything 1',
    '503',
    'What arrived, newest first',
    'Close the details',
  ];
  const found = places.map((name) => order.indexOf(name));
  expect(found, order.join(' | ')).toEqual(found.toSorted((one, other) => one - other));
  expect(found).not.toContain(-1);
});
