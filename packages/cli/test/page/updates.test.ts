import { createTracker, type Tracker, type TrackerOptions } from '@successeve/core';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { type Dev, event, send, token, track } from '../dev.js';
import { choice, copied, details, rows, startDevWithPage, titles, visit } from './visit.js';

function connect({ url }: Dev, options: TrackerOptions = {}): Tracker {
  const tracker = createTracker({ apiUrl: url, apiToken: token, flushOnExit: false, ...options });
  onTestFinished(async () => void (await tracker.close({ timeoutMs: 0 })));
  return tracker;
}

const ada = { name: 'Ada Lovelace', accountUid: 'acme', email: 'ada@example.com', seats: 3 };

/** Runs the command that repeats what is open, as far as HTTP goes. */
async function repeat(page: Page): Promise<void> {
  const command = await copied(page, 'Copy the curl command');
  const [, url = '', body = ''] = /^curl -X POST (\S+) .*--data-raw '(.*)'$/s.exec(command) ?? [];
  expect((await send(url, { body })).status).toBe(200);
}

it('are rows of their own kind, with their subject and attributes', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const tracker = connect(dev);
  tracker.contact('ada', ada);
  await tracker.flush();
  tracker.account('acme', { name: 'Acme Analytics', mrr: 99 });
  await tracker.flush();
  await track(dev);
  expect(await titles(page, 3)).toEqual(['user_registration', 'Acme Analytics', 'Ada Lovelace']);
  await choice(page, 'Contacts, accounts').click();
  expect(await titles(page, 2)).toEqual(['Acme Analytics', 'Ada Lovelace']);
  expect(await rows(page, 'Ada Lovelace').locator('.cell:not(.time)').allTextContents()).toEqual([
    'contact',
    'Ada Lovelace email: ada@example.com, seats: 3',
    '',
    'ada',
    'acme',
  ]);
  expect(await rows(page, 'Acme Analytics').textContent()).toMatch(/account.*mrr: 99.*acme/);
  await page.getByRole('searchbox').fill('EXAMPLE.COM');
  expect(await titles(page, 1)).toEqual(['Ada Lovelace']);
});

it('are in the timeline of their contact, and under their account', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const tracker = connect(dev);
  tracker.contact('ada', ada);
  tracker.account('acme', { plan: 'pro' });
  tracker.contact('grace', { name: 'Grace Hopper' });
  await tracker.flush();
  await track(dev);
  await titles(page, 4);
  await rows(page, 'user_registration').getByText('ada').click();
  expect(await titles(page, 2)).toEqual(['user_registration', 'Ada Lovelace']);
  await page.getByRole('button', { name: 'Show everything' }).click();
  await choice(page, 'acme').click();
  expect((await titles(page, 2)).toSorted()).toEqual(['Ada Lovelace', 'acme']);
});

it.each([
  ['contact', '/v1/contact', 'Ada Lovelace', ['Contact', 'Account', 'Name']],
  ['account', '/v1/account', 'Acme Analytics', ['Account', 'Name']],
] as const)('are shown in full, and repeated where they belong: %s', async (kind, path, title, facts) => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const tracker = connect(dev);
  if (kind === 'contact') tracker.contact('ada', ada);
  else tracker.account('acme', { name: title, churnReason: 'too_expensive' });
  await tracker.flush();
  await rows(page, title).click();
  const shown = details(page);
  await shown.getByText('Repeat it').waitFor();
  expect((await shown.locator('.facts dt').allTextContents()).slice(0, facts.length)).toEqual(facts);
  const { params } = JSON.parse((await shown.locator('pre').first().textContent()) ?? '');
  expect(params).toMatchObject(
    kind === 'contact'
      ? { name: title, account_uid: 'acme', email: ada.email, seats: 3 }
      : { name: title, churn_reason: 'too_expensive' },
  );
  expect(await shown.locator('.head').textContent()).toContain(`POST ${path}\n`);
  await repeat(page);
  expect(await titles(page, 2)).toEqual([title, title]);
});

it('come out of a batch one by one, next to events', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const account = { method: 'account', account_uid: 'acme', params: { domain: 'example.com' } };
  const contact = { method: 'contact', contact_uid: 'ada', params: { name: 'Ada Lovelace' } };
  await send(`${dev.url}/v1/batch`, { body: [account, { method: 'event', ...event }, contact] });
  expect(await titles(page, 3)).toEqual(['Ada Lovelace', 'user_registration', 'acme']);
  await rows(page, 'Ada Lovelace').click();
  await details(page).getByText('No. 3 of a batch').waitFor();
  expect(JSON.parse((await details(page).locator('pre').first().textContent()) ?? '')).toEqual(contact);
  await repeat(page);
  await titles(page, 6);
});

it('stand out where they were rejected, with how to fix it and what else was in the request', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  await send(`${dev.url}/v1/account`, { body: { account_uid: 7, params: { mrr: 99 } } });
  await rows(page, 'body.account_uid: expected a non-empty string').click();
  await details(page).getByText('String(account.id)').waitFor();
  await details(page).getByText('1 account', { exact: true }).waitFor();
  const contact = { method: 'contact', contact_uid: 'ada' };
  await send(`${dev.url}/v1/batch`, {
    body: [{ method: 'event', ...event }, contact, { ...contact, params: 1 }],
  });
  await rows(page, 'body[2].params').click();
  await details(page).getByText('1 event, 2 contacts', { exact: true }).waitFor();
});

it('are shown with their reason where the application dropped them', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const quiet = { debug() {}, warn() {}, error() {} };
  const tracker = connect(dev, { debug: true, logger: quiet });
  tracker.account('acme', { mrr: 'a lot' } as never);
  await rows(page, 'Not valid').click();
  await details(page).getByText('params.mrr: expected a finite number').waitFor();
  await details(page).getByRole('button', { name: 'acme' }).click();
  expect(await titles(page, 1)).toEqual(['account']);
});
