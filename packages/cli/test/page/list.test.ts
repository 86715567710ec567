import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Dev, event, send, track } from '../dev.js';
import { choice, copied, countOf, details, rows, startDevWithPage, titles, visit } from './visit.js';

const pageview = {
  contact_uid: 'grace',
  event_uid: 'pageview',
  params: { account_uid: 'acme', visit_url: 'https://myproduct.com/onboarding?step=2' },
};

interface FrameCounting extends Window {
  /** Returns the frames between the message with the newest entry and the row with that title. */
  framesUntil(title: string): Promise<number>;
}

/** Counts the frames of a page: on a busy machine they are late, but they are as many. */
function countFrames(): void {
  let frames = 0;
  let framesAtMessage = 0;
  const count = (): void => {
    frames++;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  window.EventSource = class extends EventSource {
    constructor(url: string | URL) {
      super(url);
      this.addEventListener('message', ({ data }) => {
        if (JSON.parse(data).type === 'entries') framesAtMessage = frames;
      });
    }
  };
  (window as unknown as FrameCounting).framesUntil = (title) =>
    new Promise((resolve) => {
      const look = (): void => {
        const titles = [...document.querySelectorAll('.row .title')].map(({ textContent }) => textContent);
        if (!titles.includes(title)) return;
        observer.disconnect();
        resolve(frames - framesAtMessage);
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      look();
    });
}

describe('what arrives', () => {
  it('is drawn within two frames after it came', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url, { init: countFrames });
    const frames: number[] = [];
    for (let nth = 0; nth < 15; nth++) {
      const title = `event_${nth}`;
      const seen = page.evaluate((title) => (window as unknown as FrameCounting).framesUntil(title), title);
      await track(dev, { ...event, event_uid: title });
      frames.push(await seen);
      // After a pause it need not wait for others.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
    }
    // The median: now and then something else was drawn just before.
    const median = frames.toSorted((one, other) => one - other)[7];
    expect(median, `of ${frames.join(', ')} frames`).toBeLessThanOrEqual(2);
  });

  it('comes newest first, and each kind looks different', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev);
    await track(dev, pageview);
    await send(`${dev.url}/v1/contact`, { body: { contact_uid: 'linus', params: { name: 'Linus' } } });
    await track(dev, { contact_uid: 'ada' });
    const expected = ['POST /v1/track/event', 'Linus', '/onboarding?step=2', 'user_registration'];
    expect(await titles(page, 4)).toEqual(expected);
    expect(await rows(page, '/onboarding').textContent()).toMatch(/myproduct\.com.*grace.*acme/s);
  });

  it('is there again after a reload', async () => {
    const dev = await startDevWithPage();
    await track(dev);
    await track(dev, pageview);
    const page = await visit(dev.url);
    expect(await titles(page, 2)).toEqual(['/onboarding?step=2', 'user_registration']);
    await page.reload();
    expect(await titles(page, 2)).toEqual(['/onboarding?step=2', 'user_registration']);
  });

  it('is shown with its own params, and found by them', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev, { ...event, params: { display_name: 'Registration', plan: 'enterprise' } });
    await track(dev, pageview);
    await rows(page, 'Registration · plan: enterprise').waitFor();
    await page.getByRole('searchbox').fill('ENTERPRISE');
    expect(await titles(page, 1)).toEqual(['user_registration']);
  });

  it('is shown with its day where that is not today', async () => {
    const dev = await startDevWithPage();
    const before = new Date(2026, 0, 2, 10).getTime();
    const request = { method: 'POST', target: '/', headers: '[]', body: '', status: 200 } as const;
    dev.devApi.store.addRequest({ ...request, at: before, problem: undefined, advice: undefined }, [
      { type: 'accepted', at: before, kind: 'event', index: 0, eventUid: 'of_that_day' },
    ]);
    await track(dev);
    const page = await visit(dev.url);
    await rows(page, 'of_that_day').getByText('2026-01-02 10:00:00', { exact: true }).waitFor();
    const time = rows(page, 'user_registration').locator('.time');
    expect(await time.textContent()).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
    const isCut = (element: Element) => element.scrollWidth > element.clientWidth;
    expect(await rows(page, 'of_that_day').locator('.time').evaluate(isCut)).toBe(false);
  });

  it('shows how late it is, where it happened before', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    const happened = new Date(Date.now() - 125_000);
    await track(dev, { ...event, created_at: happened.toISOString() });
    await rows(page, '2 min late').click();
    await details(page).getByText('2 min late').waitFor();
  });

  it('is counted in the title while another tab is shown', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev);
    await rows(page).waitFor();
    expect(await page.title()).toBe('successeve dev');
    await lookAway(page, true);
    await track(dev);
    await track(dev);
    await expect.poll(() => page.title()).toBe('(2) successeve dev');
    await lookAway(page, false);
    expect(await page.title()).toBe('successeve dev');
    expect(await titles(page, 3)).toHaveLength(3);
  });
});

it('closes its connection in a tab that was hidden for long, and opens it again when it is shown', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  await page.clock.install();
  await lookAway(page, true);
  const left = page.waitForEvent('requestfailed', (request) => request.url().includes('/dev/stream'));
  await page.clock.fastForward('11:00');
  await left;
  await track(dev);
  await lookAway(page, false);
  expect(await titles(page, 1)).toEqual(['user_registration']);
});

/** Without a window, Chromium shows every tab; this is what a page sees of it. */
async function lookAway(page: Page, isAway: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isAway);
}

describe('the list', () => {
  it('stands still while it is paused, and counts what waits', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev);
    await rows(page).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await track(dev, pageview);
    const waiting = page.getByRole('button', { name: '1 new' });
    await waiting.waitFor();
    expect(await titles(page, 1)).toEqual(['user_registration']);
    await waiting.click();
    expect(await titles(page, 2)).toEqual(['/onboarding?step=2', 'user_registration']);
    // It was only looked at; the list is still paused.
    await track(dev, { ...event, event_uid: 'third' });
    await waiting.waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    expect(await titles(page, 3)).toEqual(['third', '/onboarding?step=2', 'user_registration']);
  });

  it('does not move below a reader who has scrolled down, until they are back', async () => {
    const dev = await startDevWithPage();
    for (let nth = 0; nth < 60; nth++) await track(dev, { ...event, event_uid: `event_${nth}` });
    const page = await visit(dev.url);
    await rows(page, 'event_59').waitFor();
    await page.getByRole('grid').evaluate((element) => element.scrollTo({ top: 300 }));
    const row = rows(page, 'event_45');
    const before = await row.boundingBox();
    await track(dev, { ...event, event_uid: 'the_newest' });
    const waiting = page.getByRole('button', { name: '1 new' });
    await waiting.waitFor();
    expect(await row.boundingBox()).toEqual(before);
    await waiting.click();
    await rows(page, 'the_newest').waitFor();
    await track(dev, { ...event, event_uid: 'one_more' });
    await rows(page, 'one_more').waitFor();
  });

  it('opens the row that was pressed, whatever arrives before the button is released', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev);
    await rows(page, 'user_registration').hover();
    await page.mouse.down();
    await track(dev, pageview);
    await expect.poll(() => countOf(page, 'Everything')).toBe('2');
    await page.mouse.up();
    await details(page).getByRole('heading', { name: 'user_registration' }).waitFor();
    expect(await titles(page, 2)).toEqual(['/onboarding?step=2', 'user_registration']);
  });

  it('is emptied in every tab by Clear, and goes on', async () => {
    const dev = await startDevWithPage();
    await track(dev);
    const page = await visit(dev.url);
    const other = await visit(dev.url);
    await rows(other).waitFor();
    const clear = page.getByRole('button', { name: 'Clear' });
    // It asks first, and takes neither a double click nor a key that is held down for an answer.
    await clear.dblclick();
    await page.keyboard.press('Escape');
    await clear.focus();
    await page.keyboard.down('Enter');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    await page.getByRole('status').getByText('Press again').waitFor();
    expect(await titles(page, 1)).toEqual(['user_registration']);
    await page.getByRole('button', { name: 'Clear 1 entry?' }).press('Enter');
    for (const each of [page, other]) await each.getByRole('heading', { name: 'Cleared' }).waitFor();
    await track(dev, pageview);
    for (const each of [page, other]) expect(await titles(each, 1)).toEqual(['/onboarding?step=2']);
    await expect.poll(() => countOf(page, 'Everything')).toBe('1');
  });
});

it('shows where a link leads to an entry of an earlier run', async () => {
  const dev = await startDevWithPage();
  await track(dev);
  const page = await visit(dev.url, { hash: '#open=of-yesterday.1' });
  await page.getByRole('alert').getByText('of an earlier run').waitFor();
  expect(await details(page).count()).toBe(0);
});

describe('a filter', () => {
  async function openTraffic(): Promise<{ dev: Dev; page: Page }> {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev, { ...event, params: { account_uid: 'acme', display_name: 'Registration' } });
    await track(dev, {
      ...event,
      event_uid: 'invoice_paid',
      contact_uid: 'grace',
      params: { account_uid: 'globex' },
    });
    await track(dev, pageview);
    await track(dev, { event_uid: 'invoice_paid' });
    const at = Date.now();
    const reports = [
      { type: 'skipped', at, reason: 'no_contact', method: 'GET', path: '/login', status: 200 },
    ];
    await send(`${dev.url}/dev/reports`, { body: { reports } });
    await titles(page, 5);
    return { dev, page };
  }

  it('narrows by kind, contact, account, event name and reason, and counts what is left', async () => {
    const { page } = await openTraffic();
    await choice(page, 'Pageviews').click();
    expect(await titles(page, 1)).toEqual(['/onboarding?step=2']);
    await page.getByText('1 of 5').waitFor();
    await choice(page, 'Rejected').click({ modifiers: ['Shift'] });
    expect(await titles(page, 2)).toEqual(['invoice_paid', '/onboarding?step=2']);
    await choice(page, 'Everything').click();
    await choice(page, 'grace').click();
    expect(await titles(page, 2)).toEqual(['/onboarding?step=2', 'invoice_paid']);
    await choice(page, 'globex').click();
    expect(await titles(page, 1)).toEqual(['invoice_paid']);
    await page.getByRole('button', { name: 'Show everything' }).click();
    await choice(page, 'invoice_paid').click();
    expect(await titles(page, 2)).toEqual(['invoice_paid', 'invoice_paid']);
    await choice(page, 'invoice_paid').click();
    await choice(page, 'Contact unknown').click();
    expect(await titles(page, 1)).toEqual(['GET /login']);
  });

  it('is never made of a contact without a name', async () => {
    const dev = await startDevWithPage();
    await track(dev);
    await track(dev, { ...event, contact_uid: '' });
    const page = await visit(dev.url, { hash: '#contact=' });
    expect(await titles(page, 2)).toEqual(['user_registration', 'user_registration']);
    expect(
      await page.getByRole('navigation', { name: 'Filter' }).getByTitle('', { exact: true }).count(),
    ).toBe(0);
    await expect.poll(() => page.locator('[data-contact]').allTextContents()).toEqual(['ada']);
    expect(new URL(page.url()).hash).toBe('');
  });

  it('searches while it is typed, and also in what arrives later', async () => {
    const { dev, page } = await openTraffic();
    await page.getByRole('searchbox').fill('ACME onb');
    expect(await titles(page, 1)).toEqual(['/onboarding?step=2']);
    await track(dev);
    const params = { ...pageview.params, visit_url: 'https://myproduct.com/onboarding/done' };
    await track(dev, { ...pageview, params });
    expect(await titles(page, 2)).toEqual(['/onboarding/done', '/onboarding?step=2']);
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  });

  it('stays in the address with what is open, for a reload and for a copied link', async () => {
    const { dev, page } = await openTraffic();
    await choice(page, 'Events').click();
    await page.getByRole('searchbox').fill('registration');
    await rows(page, 'user_registration').click();
    await page.waitForURL(/search=registration.*kind=event.*open=/);
    await page.reload();
    expect(await titles(page, 1)).toEqual(['user_registration']);
    await details(page).getByRole('heading', { name: 'user_registration' }).waitFor();
    const other = await visit(dev.url, { hash: new URL(page.url()).hash });
    expect(await titles(other, 1)).toEqual(['user_registration']);
    await details(other).getByRole('heading', { name: 'user_registration' }).waitFor();
  });

  it('leads from a contact to a timeline in the order in which things happened, and Back leads out', async () => {
    const { dev, page } = await openTraffic();
    const happened = new Date(Date.now() - 86_400_000 * 2);
    await track(dev, {
      ...event,
      contact_uid: 'grace',
      event_uid: 'long_ago',
      created_at: happened.toISOString(),
    });
    await rows(page, 'long_ago').getByText('grace').click();
    expect(await titles(page, 3)).toEqual(['/onboarding?step=2', 'invoice_paid', 'long_ago']);
    await page.getByText('Timeline of').waitFor();
    expect(await rows(page, 'invoice_paid').textContent()).toMatch(/\+ [12](\.\d)? d/);
    await page.goBack();
    await titles(page, 6);
  });
});

it('shows how to begin where nothing has arrived yet, with the address of this very server', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  await page.getByRole('heading', { name: 'Waiting for the first event' }).waitFor();
  expect(await copied(page, 'Copy the two variables')).toBe(
    `export SUCCESSEVE_API_URL=${dev.url}\nexport SUCCESSEVE_API_TOKEN=anything`,
  );
  const command = await copied(page, 'Copy the curl command');
  const [, body = '', url = ''] = /^curl .* -d '(.*)' (\S+)$/.exec(command) ?? [];
  await send(url, { body });
  expect(await titles(page, 1)).toEqual(['user_registration']);
});
