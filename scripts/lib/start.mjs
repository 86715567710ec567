import { once } from 'node:events';
import { createServer } from 'node:net';
import { browse } from './browse.mjs';
import { DevApi } from './dev-api.mjs';
import { findChromium } from './engines.mjs';
import { acceptedOf, skippedOf } from './entries.mjs';
import { Example } from './example.mjs';
import { findDifferences, isReported } from './find-differences.mjs';
import { machineNodeVersion } from './machine-node.mjs';
import { makeVisits } from './make-visits.mjs';
import { bold } from './paint.mjs';
import { progress } from './progress.mjs';
import { printConclusion, printReceived, printUnrecorded } from './report.mjs';
import { install, step, turbo } from './setup.mjs';
import { readArguments } from './start-arguments.mjs';
import { stayUp } from './stay-up.mjs';
import { visitsOf } from './visits.mjs';

/** Where `successeve dev` is by itself. */
const usualPort = 4319;

/**
 * `npm start`: sets the repository up, runs an example against a local API, visits it, and shows and checks what became
 * of every visit.
 *
 * @param {string[]} args
 * @param {AbortSignal} signal
 */
export async function start(args, signal) {
  const read = readArguments(args);
  if ('usage' in read) {
    console.log(read.usage);
    return 0;
  }
  const { name, isOnce, isBuilt } = read;
  if (!isBuilt) {
    await install(signal);
    const build = turbo('build', `--filter={./examples/${name}}...`, '--filter=@successeve/cli...');
    await step('Building what it needs', build, signal);
  }
  const api = await startDevApi(isOnce);
  const example = new Example(name, api.url);
  try {
    await progress(`Starting the ${name} example on Node ${machineNodeVersion}`, () => example.ready());
    const chromium = name === 'spa' ? findChromium() : undefined;
    const made = chromium
      ? await progress('Visiting it in Chromium', () => browse(example, chromium))
      : await progress('Visiting it', () => makeVisits(example, visitsOf(name)));
    const tracked = made.flatMap(({ visit }) => visit.tracked ?? []).length;
    const skipped = made.filter(isReported).length;
    // Whatever does not arrive is told below.
    await api.until(
      () => acceptedOf(api.entries).length >= tracked && skippedOf(api.entries).length >= skipped,
    );
    // Its end delivers what else there may be.
    if (isOnce) await example.stop();
    await api.told();
    signal.throwIfAborted();
    const differences = findDifferences(example.url, made, api.entries);
    const line = printReceived(api.entries);
    printUnrecorded(made);
    printConclusion(made, api.entries, differences);
    if (!isOnce) await stayUp(api, example, line, signal);
    return differences.length === 0 ? 0 : 1;
  } finally {
    await example.stop();
    await api.stop();
  }
}

/**
 * Starts the API, and says first of all where its page is for somebody who stays to look at it.
 *
 * @param {boolean} isOnce
 */
async function startDevApi(isOnce) {
  const isTaken = !isOnce && !(await isFree(usualPort));
  const api = new DevApi(isOnce || isTaken ? 0 : usualPort);
  if (isTaken)
    console.log(`Port ${usualPort} is taken, by another successeve dev perhaps, so another one is used.`);
  await progress('Starting successeve dev', () => api.ready());
  await api.listen();
  if (!isOnce) console.log(`\nOpen ${bold(api.url)} and see what arrives while it arrives.\n`);
  return api;
}

/** Whether nobody listens on a port of this machine. @param {number} port */
async function isFree(port) {
  const server = createServer().listen(port, '127.0.0.1');
  const isListening = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return isListening;
}
