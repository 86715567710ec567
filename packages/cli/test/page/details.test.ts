import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { event, send, token, track } from '../dev.js';
import { choice, copied, details, rows, startDevWithPage, titles, visit } from './visit.js';

describe('the details', () => {
  it('show the body in lines, the headers without the token, and a command that repeats it', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    const body =
      '{"contact_uid":"ada","event_uid":"invoice_paid","params":{"total":12345678901234567890.10,"tags":[]}}';
    await track(dev, body);
    await rows(page, 'invoice_paid').click();
    const shown = details(page);
    await shown.getByText('12345678901234567890.10').first().waitFor();
    expect(await shown.locator('pre').first().textContent()).toBe(
      `{
  "contact_uid": "ada",
  "event_uid": "invoice_paid",
  "params": {
    "total": 12345678901234567890.10,
    "tags": []
  }
}`,
    );
    expect(await shown.locator('.head').textContent()).toMatch(
      /^POST \/v1\/track\/event\n.*content-type: application\/json/is,
    );
    expect(await copied(page, 'Copy the body')).toBe(await shown.locator('pre').first().textContent());
    const command = await copied(page, 'Copy the curl command');
    expect(command).toContain(`${dev.url}/v1/track/event`);
    expect(command).toContain(`-u "\${SUCCESSEVE_API_TOKEN:-anything}:"`);
    for (const secret of [token, btoa(`${token}:`)]) {
      expect(await page.content()).not.toContain(secret);
      expect(command).not.toContain(secret);
    }
  });

  it('show one event of a batch, and all of it on demand', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    const batch = ['first', 'second', 'third'].map((event_uid) => ({ ...event, event_uid, method: 'event' }));
    await send(`${dev.url}/v1/batch`, { body: batch });
    await rows(page, 'second').click();
    const body = details(page).locator('pre').first();
    await details(page).getByRole('button', { name: 'No. 2 of a batch' }).click();
    expect(JSON.parse((await body.textContent()) ?? '')).toEqual(batch);
    await details(page).getByRole('button', { name: 'Show only this one' }).click();
    expect(JSON.parse((await body.textContent()) ?? '')).toEqual(batch[1]);
  });

  it('show what a batch was rejected for', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    const batch = ['a_b', 'BAD'].map((event_uid) => ({ ...event, event_uid, method: 'event' }));
    await send(`${dev.url}/v1/batch`, { body: batch });
    expect(await titles(page, 1)).toEqual(['BAD']);
    await rows(page, 'no. 2 of 2').click();
    await details(page).getByRole('button', { name: 'No. 2 of a batch' }).waitFor();
    expect(JSON.parse((await details(page).locator('pre').first().textContent()) ?? '')).toEqual(batch[1]);
    await choice(page, 'BAD').waitFor();
    expect(await choice(page, 'a_b').count()).toBe(0);
  });

  it('go with the row, and lead to what is like it', async () => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev, { ...event, params: { account_uid: 'acme' } });
    await track(dev, { ...event, contact_uid: 'grace' });
    await rows(page, 'acme').click();
    await details(page).getByRole('button', { name: 'acme' }).click();
    await page.getByText('1 of 2').waitFor();
    await details(page).getByRole('button', { name: 'ada' }).click();
    await page.getByText('Timeline of').waitFor();
    expect(await choice(page, 'ada').getAttribute('aria-pressed')).toBe('true');
  });
});

it('show the message of a callback that failed', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const cause = 'Cannot read properties of undefined (reading id)';
  const report = {
    type: 'error',
    at: Date.now(),
    code: 'callback_failed',
    message: 'identify failed',
    cause,
  };
  await send(`${dev.url}/dev/reports`, { body: { reports: [report] } });
  await rows(page, 'identify failed').click();
  await details(page).getByText(cause).waitFor();
});

it('cut a value that would fill them, and show it on demand', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  await track(dev, {
    ...event,
    contact_uid: 'x'.repeat(10_000),
    params: { display_name: 'y'.repeat(2_000) },
  });
  await rows(page, 'user_registration').click();
  const body = details(page).getByRole('heading', { name: 'Body' });
  await body.waitFor();
  expect((await body.boundingBox())?.y).toBeLessThan(500);
  await details(page).getByRole('button', { name: 'Show all 2,000 characters' }).click();
  await details(page).getByText('y'.repeat(2_000), { exact: true }).waitFor();
});

describe('what was rejected', () => {
  it.each([
    [
      'body.event_uid: expected a name in snake_case',
      { contact_uid: 'ada', event_uid: 'User Registered' },
      'Name the event in snake_case',
    ],
    ['body.contact_uid: expected a non-empty string', { event_uid: 'user_registration' }, 'String(user.id)'],
    ['body: expected JSON', '{"contact_uid":', 'JSON.stringify'],
  ])('stands out, with what was wrong and how to fix it: %s', async (problem, body, advice) => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev, body);
    const row = rows(page, problem);
    await row.getByText('400', { exact: true }).waitFor();
    const background = await backgroundOf(row);
    await track(dev);
    expect(background).not.toBe(await backgroundOf(rows(page, 'ada').filter({ hasNotText: problem })));
    await row.click();
    await details(page).getByText(problem).waitFor();
    await details(page).getByText(advice).waitFor();
  });
});

describe('an application with debug', () => {
  const at = Date.now();
  const skip = { type: 'skipped', at, method: 'GET', path: '/dashboard', status: 200 };

  it.each([
    ['Contact unknown', { ...skip, reason: 'no_contact' }, 'log what identify returns'],
    [
      'Never seen by the middleware',
      { ...skip, reason: 'not_followed' },
      'Mount tracking() before your routes',
    ],
    [
      'The queue was full',
      { type: 'dropped', at, reason: 'queue_full', message: 'no room', kind: 'event', eventUid: 'paid' },
      'Turn on batch: true',
    ],
    [
      'A proxy that is not trusted',
      { type: 'warning', at, code: 'proxy', message: 'no trust' },
      'set baseUrl',
    ],
    ['No answer from the API', { type: 'error', at, code: 'unavailable', message: '503' }, 'by themselves'],
    ['of_tomorrow', { ...skip, reason: 'of_tomorrow' }, 'Update @successeve/cli'],
  ])('has each of its reports answered, with why and what to do: %s', async (title, report, advice) => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    expect((await send(`${dev.url}/dev/reports`, { body: { reports: [report] } })).status).toBe(204);
    await rows(page, title).click();
    await details(page).getByText(advice).waitFor();
  });

  it('is recommended to a reader who looks for what was not counted, where nothing was reported', async () => {
    const dev = await startDevWithPage();
    await track(dev);
    const page = await visit(dev.url);
    await choice(page, 'Not counted').click();
    await page.getByText('SUCCESSEVE_DEBUG=1').waitFor();
  });
});

/** Reads the background of a row that is highlighted no more: at first, every new row has the same. */
function backgroundOf(row: Locator): Promise<string> {
  return row.evaluate(async (element) => {
    await Promise.all(element.getAnimations().map(({ finished }) => finished));
    return getComputedStyle(element).backgroundColor;
  });
}
