// The picture in the repository's README: start `npm start`, then run this on the Node that the repository brings.
//
//   node_modules/.bin/node packages/cli/test/page/picture.ts [the address of the page]
//
// The variable CHROMIUM names another browser than Debian's.
import { chromium } from 'playwright-core';

const [, , url = 'http://127.0.0.1:4319'] = process.argv;

// What the page is good for, besides what goes well: an event that the API rejects.
await fetch(new URL('/v1/track/event', url), {
  method: 'POST',
  headers: { authorization: `Basic ${btoa('token:')}`, 'content-type': 'application/json' },
  body: JSON.stringify({ contact_uid: 'ada', event_uid: 'Report exported' }),
});

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.locator('.row.tone-rejected').first().click();
  await page.mouse.move(0, 0);
  const path = new URL(`../../pictures/dev-${colorScheme}.png`, import.meta.url).pathname;
  await page.screenshot({ path });
  await page.close();
}
await browser.close();
