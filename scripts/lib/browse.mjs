import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { patienceMs } from './program.mjs';
import { root } from './repository.mjs';
import { chrome } from './visitor.mjs';
import { browsedPages } from './visits.mjs';

/** @import { Example, Outcome } from './example.mjs' */
/** @import { MadeVisit } from './make-visits.mjs' */

/** What a page loads by itself is not worth a line. */
const asset = /^\/(?:assets\/|favicon\.ico$)/;

/** Longer than a redirect takes, and shorter than it takes a page to count by itself. */
const lookMs = 300;

/**
 * Visits the single-page application in a real browser: only there does its router decide which page is shown.
 *
 * @param {Example} example
 * @param {string} executablePath of a Chromium
 * @returns {Promise<readonly MadeVisit[]>} every request that it made, except for assets
 */
export async function browse(example, executablePath) {
  const { chromium } = createRequire(join(root, 'tests/test-browser/package.json'))('playwright-core');
  const args = [
    `--user-agent=${chrome}`,
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-sync',
  ];
  const browser = await chromium.launch({ executablePath, args });
  /** @type {Outcome[]} */
  const outcomes = [];
  example.on('outcome', (outcome) => asset.test(outcome.path) || outcomes.push(outcome));
  /** Waits until so many pages were reported, within reason. @param {number} pages */
  const reported = async (pages) => {
    const shown = () => outcomes.filter(({ method }) => method === 'SHOW');
    const signal = AbortSignal.timeout(patienceMs);
    while (shown().length < pages && !signal.aborted) await delay(20);
  };
  try {
    const page = await browser.newPage({ baseURL: example.url });
    for (const [index, { does, path, outcome }] of browsedPages.entries()) {
      // The visitor signs in or out, and the page before has to be reported in the session before.
      if (outcome !== browsedPages[index - 1]?.outcome) await reported(index);
      await does(page);
      await page.waitForURL(path);
      await delay(lookMs);
    }
    // What is left now is reported at the latest.
    await page.goto('about:blank');
    await reported(browsedPages.length);
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    throw new Failure(`The visit in Chromium failed: ${message}`, { cause });
  } finally {
    await browser.close();
  }
  const expected = [...browsedPages];
  return outcomes.map((said) => {
    const page = said.method === 'SHOW' ? expected.shift() : undefined;
    return { visit: { who: 'Ada', ...(page ?? asCall(said)) }, status: said.status, said };
  });
}

/**
 * A request that the application made for itself, as it has to be.
 *
 * @param {Outcome} said
 * @returns {Omit<import('./visits.mjs').Visit, 'who'>}
 */
function asCall(said) {
  return { ...said, headers: said.outcome === 'not_a_page' ? { 'sec-fetch-dest': 'empty' } : {} };
}
