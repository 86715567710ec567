import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cores, endWithUs, pinned } from './processes.mjs';

const script = join(import.meta.dirname, 'visits.lua');

/** Says how to get wrk where it is not there; installs it where that needs nobody's consent. */
export function requireWrk() {
  if (spawnSync('wrk', ['--version']).error === undefined) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot) spawnSync('apt-get', ['install', '-y', 'wrk'], { stdio: 'inherit' });
  if (spawnSync('wrk', ['--version']).error === undefined) return;
  throw new Error('The load comes from wrk, which is not installed: apt-get install wrk');
}

/**
 * Visits a page over 50 connections for some time.
 *
 * @param {string} url
 * @param {{ seconds: number, firstVisit: number }} options
 * @returns {Promise<{ perSecond: number, p99Ms: number, failed: number }>}
 */
export async function load(url, { seconds, firstVisit }) {
  const options = ['-t1', '-c50', `-d${seconds}s`, '-s', script, url, '--', String(firstVisit)];
  const [command = '', ...args] = pinned(cores.around, ['wrk', ...options]);
  const wrk = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithUs(wrk);
  const [output, [code]] = await Promise.all([text(wrk.stdout), once(wrk, 'exit')]);
  const said = /^result (.*)$/m.exec(output)?.[1];
  if (code !== 0 || !said) throw new Error(`wrk failed: ${output}`);
  return JSON.parse(said);
}
