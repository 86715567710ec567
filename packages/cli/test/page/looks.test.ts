import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Dev, event, send, track } from '../dev.js';
import { details, rows, startDevWithPage, titles, visit } from './visit.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** What the rules of WCAG 2.2 AA find wrong. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${failureSummary} ${html}`),
  );
}

async function sendAllKinds(dev: Dev): Promise<void> {
  await track(dev, { ...event, params: { account_uid: 'acme', display_name: 'Registration' } });
  await track(dev, { ...event, created_at: new Date(Date.now() - 60_000).toISOString() });
  await track(dev, { ...event, event_uid: 'pageview', params: { visit_url: 'https://myproduct.com/a' } });
  await send(`${dev.url}/v1/contact`, { body: { contact_uid: 'ada' } });
  await track(dev, {});
  const at = Date.now();
  const skip = { type: 'skipped', at, reason: 'no_contact', method: 'GET', path: '/login', status: 200 };
  const drop = {
    type: 'dropped',
    at,
    reason: 'invalid',
    message: 'expected …',
    kind: 'event',
    eventUid: 'x',
  };
  const warning = { type: 'warning', at, code: 'proxy', message: 'a proxy' };
  const error = { type: 'error', at, code: 'unavailable', message: 'no answer' };
  await send(`${dev.url}/dev/reports`, { body: { reports: [skip, drop, warning, error] } });
  dev.devApi.setFaults({ answers: [{ answer: 503, percent: 100 }], latencyMs: 0 });
  await track(dev);
}

describe.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const)('in a %s window of %i pixels', (colorScheme, width) => {
  const window = { colorScheme, viewport: { width, height: 844 } };

  it('everybody can read it: empty, full, and with something open', async () => {
    const dev = await startDevWithPage({ rateLimit: { limit: 900, windowMs: 300_000 } });
    const page = await visit(dev.url, window);
    await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await sendAllKinds(dev);
    await titles(page, 10);
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
    expect(await faultsOf(page)).toEqual([]);
    for (const text of ['body.contact_uid', 'Contact unknown']) {
      await rows(page, text).first().click();
      await details(page)
        .getByText(text === 'Contact unknown' ? 'Reported' : 'Repeat it')
        .waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.keyboard.press('Escape');
    }
  });

  it('nothing is wider than the window', async () => {
    const dev = await startDevWithPage({ rateLimit: { limit: 900, windowMs: 300_000 } });
    const long = 'a_very_long_name'.repeat(20);
    const page = await visit(dev.url, window);
    await sendAllKinds(dev);
    dev.devApi.setFaults({ answers: [], latencyMs: 0 });
    await track(dev, {
      contact_uid: long,
      event_uid: long,
      params: { account_uid: long, display_name: long },
    });
    // A row that arrives later would push another one below the pointer.
    await titles(page, 11);
    await rows(page, long).click();
    await details(page).getByText('Repeat it').waitFor();
    const overflow = await page.evaluate(() =>
      [...document.querySelectorAll('body *')]
        .filter(
          (element) =>
            element.getBoundingClientRect().right > innerWidth + 1 &&
            !element.closest('.cell, .chip, .choice'),
        )
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(overflow).toEqual([]);
  });
});

it('the columns of all rows with a contact are in line', async () => {
  const dev = await startDevWithPage();
  for (const width of [1280, 820]) {
    const page = await visit(dev.url, { viewport: { width, height: 844 } });
    await track(dev, { ...event, params: { account_uid: 'acme' } });
    await track(dev, { ...event, event_uid: 'Bad Name', contact_uid: 'grace' });
    await rows(page, 'Bad Name').first().waitFor();
    const lefts = await page
      .locator('.row .contact')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
    expect(new Set(lefts).size, `at ${width} px: ${lefts}`).toBe(1);
  }
});

it('the reason has more room than a long contact, in a window of 390 pixels', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url, { viewport: { width: 390, height: 844 } });
  await track(dev, { ...event, event_uid: 'Bad Name', contact_uid: 'a-long-contact-'.repeat(10) });
  await rows(page, 'Bad Name').waitFor();
  const [note = 0, contact = 0] = await page
    .locator('.row .note, .row .contact')
    .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width));
  expect(note).toBeGreaterThan(contact * 1.5);
});

describe('on a small screen', () => {
  const window = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  it('the details cover the list, and Back or the button closes them', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url, window);
    await track(dev);
    await rows(page).tap();
    const sheet = page.getByRole('dialog', { name: 'Details' });
    expect(await sheet.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Close the details',
    );
    await page.goBack();
    await sheet.waitFor({ state: 'detached' });
    await rows(page).tap();
    await sheet.getByRole('button', { name: 'Close the details' }).tap();
    await sheet.waitFor({ state: 'detached' });
  });

  it('filters and faults are in reach', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url, window);
    await track(dev);
    await track(dev, {});
    await titles(page, 2);
    await page.getByRole('button', { name: 'Filter' }).tap();
    await page.getByTitle('Rejected', { exact: true }).tap();
    expect(await titles(page, 1)).toEqual(['POST /v1/track/event']);
    await page.getByRole('button', { name: 'Show everything' }).tap();
    await page.getByRole('group', { name: 'Faults' }).getByRole('button', { name: '503' }).tap();
    await page.getByText('Failing on purpose').waitFor();
  });
});
