import { Example } from './example.mjs';
import { findDifferences } from './find-differences.mjs';
import { machineNodeVersion } from './machine-node.mjs';
import { makeVisits } from './make-visits.mjs';
import { progress } from './progress.mjs';
import { printConclusion, printReceived, printUnrecorded } from './report.mjs';
import { install, step, turbo } from './setup.mjs';
import { readArguments } from './start-arguments.mjs';
import { stayUp } from './stay-up.mjs';
import { visitsOf } from './visits.mjs';

/**
 * `npm start`: sets the repository up, runs an example against a local API, visits it, and shows and checks what became
 * of every visit.
 *
 * @param {string[]} args
 * @param {AbortSignal} signal
 */
export async function start(args, signal) {
  const { name, isOnce } = readArguments(args);
  const visits = visitsOf(name);
  await install(signal);
  await step('Building what it needs', turbo('build', `--filter={./examples/${name}}...`), signal);
  const { startFakeApi } = await import('../../packages/testing/dist/index.mjs');
  const api = await startFakeApi();
  const example = new Example(name, api);
  try {
    await progress(`Starting the ${name} example on Node ${machineNodeVersion}`, () => example.ready());
    const made = await progress('Visiting it', () => makeVisits(example, visits));
    // Whatever does not arrive is told below.
    await api.waitForEvents(visits.filter(({ tracked }) => tracked).length).catch(() => {});
    // Its end delivers what else there may be.
    if (isOnce) await example.stop();
    signal.throwIfAborted();
    const differences = findDifferences(example.url, made, api.requests);
    const line = printReceived(api.requests);
    printUnrecorded(made);
    printConclusion(made, api, differences);
    if (!isOnce) await stayUp(api, example, line, signal);
    return differences.length === 0 ? 0 : 1;
  } finally {
    await example.stop();
    await api.close();
  }
}
