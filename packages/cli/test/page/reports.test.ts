import { describe, expect, it } from 'vitest';
import { send, track } from '../dev.js';
import { choice, countOf, details, rows, startDevWithPage, titles, visit } from './visit.js';

const pageview = {
  contact_uid: 'grace',
  event_uid: 'pageview',
  params: { account_uid: 'acme', visit_url: 'https://myproduct.com/onboarding?step=2' },
};

describe('requests that are never pages', () => {
  it('are left out of the list, which shows that, and are found', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    const at = Date.now();
    const skip = { type: 'skipped', at, method: 'GET', status: 200 };
    const calls = Array.from({ length: 30 }, (_, nth) => ({
      ...skip,
      reason: nth % 2 ? 'method' : 'not_a_page',
      method: 'POST',
      path: `/api/${nth}`,
    }));
    const login = { ...skip, reason: 'no_contact', path: '/login' };
    await send(`${dev.url}/dev/reports`, { body: { reports: [login, ...calls] } });
    await track(dev);
    expect(await titles(page, 2)).toEqual(['user_registration', 'GET /login']);
    await expect.poll(() => countOf(page, 'Everything')).toBe('2');
    await page.getByText('30 requests that are never pages are not listed').waitFor();
    await page.getByRole('searchbox').fill('/api/17');
    expect(await titles(page, 1)).toEqual(['POST /api/17']);
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.getByRole('button', { name: 'Show them' }).click();
    await page.getByText('30 of 32').waitFor();
    await choice(page, 'Everything').click();
    expect(await titles(page, 2)).toHaveLength(2);
  });

  it('alone leave the page waiting for the first event', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    const skip = { type: 'skipped', at: Date.now(), method: 'POST', path: '/api', reason: 'method' };
    await send(`${dev.url}/dev/reports`, { body: { reports: [skip] } });
    await page.getByText('1 request that is never a page is not listed').waitFor();
    await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor();
  });
});

it('shows where nothing counts the pages of a single-page application, and how to add them', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const call = { type: 'skipped', at: Date.now(), reason: 'not_a_page', method: 'GET', path: '/api/mails' };
  const reports = ['/inbox', '/settings', '/counted'].map((by) => ({ ...call, page: by }));
  await send(`${dev.url}/dev/reports`, { body: { reports } });
  const visitUrl = 'https://myproduct.com/counted';
  await track(dev, { ...pageview, params: { visit_url: visitUrl } });
  const bar = page.getByRole('status').filter({ hasText: 'This looks like a single-page application' });
  await bar.waitFor();
  expect(await bar.textContent()).toMatch(/\/inbox, \/settings make calls.*<script src="\/seen.js" defer>/s);
  await track(dev, { ...pageview, params: { visit_url: 'https://myproduct.com/inbox' } });
  await track(dev, { ...pageview, params: { visit_url: 'https://myproduct.com/settings' } });
  await bar.waitFor({ state: 'detached' });
});

it('shows what the browser reported as that', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const shown = { type: 'skipped', at: Date.now(), reason: 'too_many', method: 'SHOW', path: '/inbox' };
  await send(`${dev.url}/dev/reports`, { body: { reports: [shown] } });
  expect(await titles(page, 1)).toEqual(['/inbox']);
  await rows(page, 'reported by the browser').click();
  await details(page).getByText('by the browser: /inbox').waitFor();

  await send(`${dev.url}/v1/track/event`, { body: pageview, headers: { 'x-successeve-reported': '0' } });
  await rows(page, '/onboarding?step=2').getByText('reported by the browser').click();
  await details(page).getByText('by the browser', { exact: true }).waitFor();
});

it('shows the answers of faults as faults, and not as rejected', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  dev.devApi.setFaults({ answers: [{ answer: 503, percent: 100 }], latencyMs: 0 });
  await track(dev);
  await track(dev);
  await titles(page, 2);
  await expect.poll(() => countOf(page, 'Faults')).toBe('2');
  expect(await countOf(page, 'Rejected')).toBe('0');
  expect(await page.locator('.row').allTextContents()).not.toContainEqual(expect.stringMatching(/rejected/i));
  await choice(page, 'Faults').click();
  await page.getByText('2 of 2').waitFor();
});

it('names a reason as the terminal and the documentation do', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const skip = { type: 'skipped', at: Date.now(), method: 'GET', path: '/login', reason: 'no_contact' };
  await send(`${dev.url}/dev/reports`, { body: { reports: [skip] } });
  await rows(page, 'no_contact').click();
  await page.getByRole('navigation').getByText('no_contact', { exact: true }).waitFor();
});
