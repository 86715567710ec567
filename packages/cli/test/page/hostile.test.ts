import { escapeControls } from '@successeve/command-line/printable';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { send, track } from '../dev.js';
import { choice, copied, details, rows, startDevWithPage, titles, visit } from './visit.js';

const hostile = [
  '<img src=x onerror="window.isHacked=1">',
  '<script>window.isHacked=1</script>',
  '"><svg onload=window.isHacked=1>',
  "'-window.isHacked=1-'",
  '{{constructor.constructor("window.isHacked=1")()}}',
  'javascript:window.isHacked=1',
  '__proto__',
  'constructor',
  '\u202Edettimbus\u202C \u0000 \u001b[31m \u2028',
  'x'.repeat(30_000),
];

async function expectIntact(page: Page): Promise<void> {
  expect(await page.evaluate(() => Reflect.get(window, 'isHacked'))).toBeUndefined();
  expect(await page.locator('img, script:not([src]), .page a[href], iframe, object').count()).toBe(0);
}

it.each(hostile.map((text) => [JSON.stringify(text).slice(0, 50), text]))(
  'shows hostile content as text, in the list and in the details: %s',
  async (_, text) => {
    const dev = await startDevWithPage();
    const page = await visit(dev.url);
    await track(dev, {
      contact_uid: text,
      event_uid: 'user_registration',
      params: { account_uid: text, display_name: text, [text]: text },
    });
    await track(dev, { contact_uid: text, event_uid: text });
    const url = `https://myproduct.com/${encodeURIComponent(text.slice(0, 1000))}?q=${text.slice(0, 900)}#${text.slice(0, 50)}`;
    await track(dev, { contact_uid: text, event_uid: 'pageview', params: { visit_url: url } });
    const at = Date.now();
    const reports = [
      { type: 'skipped', at, reason: text, method: text, path: text, status: 200 },
      { type: 'dropped', at, reason: text, message: text, kind: 'event', eventUid: text, contactUid: text },
      { type: 'warning', at, code: text, message: text },
    ];
    expect((await send(`${dev.url}/dev/reports`, { body: { reports } })).status).toBe(204);
    await titles(page, 6);
    for (let row = 0; row < 6; row++) {
      await rows(page).nth(row).click();
      await details(page)
        .getByText(row < 3 ? 'Reported' : 'Repeat it')
        .waitFor();
      await expectIntact(page);
    }
    expect(await details(page).textContent()).toContain(escapeControls(text.slice(0, 40)));
    // Narrowed by it, and by the address, which others may write.
    await choice(page, escapeControls(text.length > 2048 ? `${text.slice(0, 2047)}…` : text))
      .first()
      .click();
    await page.waitForURL(/(event|contact|account|reason)=/);
    await page.reload();
    await page.getByRole('button', { name: 'Show everything' }).waitFor();
    await expectIntact(page);
  },
);

it('takes nothing from its address but what it understands', async () => {
  const dev = await startDevWithPage();
  const hash = `#contact=${encodeURIComponent('<img src=x onerror=alert(1)>')}&open=<b>.1&kind=<i>&__proto__=x&search=%`;
  const page = await visit(dev.url, { hash });
  await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  await expectIntact(page);
});

it('shows a body of a megabyte that is not JSON, cut, and one that is', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  await track(dev, 'no JSON '.repeat(100_000));
  await track(dev, { contact_uid: 'ada', event_uid: 'large', params: { text: 'x'.repeat(900_000) } });
  await rows(page, 'large').click();
  await details(page).getByText('more characters').waitFor();
  await rows(page, 'body: expected JSON').click();
  await details(page).getByText('more characters').waitFor();
});

it('shows what changes the direction of a text as escapes, and copies what it shows', async () => {
  const dev = await startDevWithPage();
  const page = await visit(dev.url);
  const name = 'rtl_\u202Egnp.exe';
  await track(dev, { contact_uid: name, event_uid: 'file_opened', params: { display_name: name } });
  await rows(page, 'rtl_\\u202egnp.exe').click();
  expect(await page.evaluate(() => document.body.textContent)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  for (const button of ['Copy the curl command', 'Copy the body']) {
    const text = await copied(page, button);
    expect(text).toContain('rtl_\\u202egnp.exe');
    expect(await details(page).locator('pre').filter({ hasText: text }).count()).toBeGreaterThan(0);
  }
  // A text that runs from right to left does not reorder what is around it.
  await track(dev, { contact_uid: 'ada', event_uid: 'x_y', params: { display_name: 'שלום', plan: 'pro' } });
  await rows(page, 'שלום').locator('.note bdi').waitFor();
});
