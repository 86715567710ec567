import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { beforeEach, describe, expect, it } from 'vitest';
import { newFile } from '../test-import.js';
import { lock } from './lock.js';

let path: string;

beforeEach(() => {
  path = `${newFile('events.ndjson', '')}.import.lock`;
});

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'close');
  return child.pid ?? 0;
}

describe('the lock of a file', () => {
  it('is there until it is given free, and that twice is once', () => {
    const unlock = lock(path);
    expect(readFileSync(path, 'utf8')).toBe(`${hostname()} ${process.pid}`);
    unlock();
    expect(existsSync(path)).toBe(false);
    const next = lock(path);
    unlock();
    expect(existsSync(path)).toBe(true);
    next();
  });

  it.each([
    ['a process that runs', () => `${hostname()} ${process.ppid}`],
    ['a process of another machine', () => 'elsewhere 1'],
    ['an unknown process', () => ''],
  ])('stays with %s', (_, holder) => {
    writeFileSync(path, holder());
    expect(() => lock(path)).toThrow(
      `being imported by another process. If you are sure that it is not, delete ${path}`,
    );
    expect(readFileSync(path, 'utf8')).toBe(holder());
  });

  it.each([
    ['a process that was killed', deadPid],
    ['one with our own number, as in a container', async () => process.pid],
  ])('is taken from %s', async (_, pid) => {
    writeFileSync(path, `${hostname()} ${await pid()}`);
    lock(path)();
    expect(existsSync(path)).toBe(false);
  });
});
