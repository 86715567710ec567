import { bringEngines } from './bring-engines.mjs';
import { machineNode, machineNodeVersion } from './machine-node.mjs';
import { bold, red } from './paint.mjs';
import { formatDuration } from './progress.mjs';
import { install } from './setup.mjs';
import { planTests, runTasks } from './tasks.mjs';
import { readArguments } from './test-arguments.mjs';

/**
 * `npm test`: installs what is missing, then has turbo do everything that has to hold and is not in its cache.
 *
 * @param {string[]} args
 * @param {AbortSignal} signal
 */
export async function test(args, signal) {
  const startedAt = performance.now();
  const read = readArguments(args);
  if ('usage' in read) {
    console.log(read.usage);
    return 0;
  }
  const { filters, isFull } = read;
  await install(signal);
  /** @type {Record<string, string>} */
  const env = {
    // Applications under test run on the Node of this machine; vitest runs on the repository's own.
    MACHINE_NODE: machineNode,
    MACHINE_NODE_VERSION: machineNodeVersion,
    ...(isFull ? { SUCCESSEVE_FULL: '1' } : {}),
    // Not known yet: the plan includes what was left out without an engine.
    MISSING_ENGINES: '',
  };
  const engines = await bringEngines(await planTests({ filters, env, signal }), isFull, signal);
  console.log(`\n${bold('Running everything that is not in the cache')}`);
  const { passed, failed } = await runTasks({ filters, env: { ...env, ...engines.env }, signal });
  const failures = [...failed, ...engines.missing];
  if (failures.length > 0) console.log(red(`\n${['Failed:', ...failures].join('\n- ')}`));
  console.log(`\n${formatDuration(performance.now() - startedAt)}`);
  // For machines.
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}
