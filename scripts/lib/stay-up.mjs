import { once } from 'node:events';
import { Failure } from './failure.mjs';
import { bold, dim } from './paint.mjs';
import { formatTime, receivedRows } from './report.mjs';

/** @import { FakeApi } from '../../packages/testing/dist/index.mjs' */
/** @import { Example } from './example.mjs' */
/** @typedef {(row: readonly string[]) => string} Line sets a row out under the table of what was received */

/** The longest that a timer can wait: 25 days. */
const longestMs = 2 ** 31 - 1;

/**
 * Keeps the example up for whoever wants to visit it, and prints what comes of it, until the signal says to stop.
 *
 * @param {FakeApi} api
 * @param {Example} example
 * @param {Line} line
 * @param {AbortSignal} signal
 */
export async function stayUp(api, example, line, signal) {
  console.log(`\nThe example is at ${bold(example.url)} for you to open and sign in.`);
  console.log('What comes of it appears here, until you press Ctrl-C.\n');
  printArrivals(api, line).catch(() => {});
  example.on('outcome', ({ method, path, outcome }) => {
    const isPageview = outcome === 'pageview';
    if (!isPageview) console.log(dim(line([formatTime(Date.now()), '', '', outcome, `${method} ${path}`])));
  });
  const ended = example.ended.then((code) => {
    throw new Failure(`The example has ended by itself: ${code}.`);
  });
  await Promise.race([once(signal, 'abort'), ended]);
}

/**
 * Prints every event that arrives, until the API is closed.
 *
 * @param {FakeApi} api
 * @param {Line} line
 */
async function printArrivals(api, line) {
  for (let seen = api.requests.length; ; seen = api.requests.length) {
    await api.waitForEvents(api.events.length + 1, { timeoutMs: longestMs });
    for (const row of api.requests.slice(seen).flatMap(receivedRows)) console.log(line(row));
  }
}
