import { once } from 'node:events';
import { Failure } from './failure.mjs';
import { bold, dim } from './paint.mjs';
import { formatTime, receivedRows } from './report.mjs';

/** @import { DevApi } from './dev-api.mjs' */
/** @import { Example } from './example.mjs' */
/** @import { Program } from './program.mjs' */
/** @typedef {(row: readonly string[]) => string} Line sets a row out under the table of what was received */

/**
 * Keeps the example up for whoever wants to visit it, and prints what comes of it, until the signal says to stop.
 *
 * @param {DevApi} api
 * @param {Example} example
 * @param {Line} line
 * @param {AbortSignal} signal
 */
export async function stayUp(api, example, line, signal) {
  console.log(`\nThe example is at ${bold(example.url)} for you to open and sign in.`);
  console.log(`What comes of it appears at ${bold(api.url)} and here, until you press Ctrl-C.\n`);
  api.on('entries', (entries) => {
    for (const row of receivedRows(entries)) console.log(line(row));
  });
  example.on('outcome', ({ method, path, outcome }) => {
    const isPageview = outcome === 'pageview';
    if (!isPageview) console.log(dim(line([formatTime(Date.now()), '', '', outcome, `${method} ${path}`])));
  });
  await Promise.race([once(signal, 'abort'), endOf(example, 'The example'), endOf(api, 'successeve dev')]);
}

/**
 * @param {Program} program
 * @param {string} name
 * @returns {Promise<never>}
 */
async function endOf(program, name) {
  throw new Failure(`${name} has ended by itself: ${await program.ended}.`);
}
