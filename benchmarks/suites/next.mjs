import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serverSuite } from './servers.mjs';

const measure = serverSuite('Next 16', 'next', ['ours, batch', 'ours, single']);

/** As the other servers, after a build. @type {import('../lib/results.mjs').Suite} */
export async function next(run) {
  run.say('building the application');
  const bin = createRequire(import.meta.url).resolve('next/dist/bin/next');
  execFileSync(process.execPath, [bin, 'build'], {
    cwd: join(import.meta.dirname, '../next'),
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return measure(run);
}
