import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import type { Queue } from '@successeve/core';
import { eventMaker, testHost } from '@successeve/testing/queue-contract';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { newPath } from '../../test/queue-file.js';
import { sqliteQueue } from '../index.js';

/** Lets `before` run before each file is opened that is to be synced: it may throw, or take its time. */
function beforeEachSync(before: () => void | Promise<void>): void {
  const { open } = fs;
  const spy = vi.spyOn(fs, 'open').mockImplementation(async (...args) => {
    await before();
    return open(...args);
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
}

function open(host = testHost()): Queue {
  const queue = sqliteQueue({ path: newPath() });
  onTestFinished(() => void queue.close());
  queue.open?.(host);
  return queue;
}

describe('persisted()', () => {
  it('resolves after a sync that failed, though nothing else happens, and reports once that it failed', async () => {
    const host = testHost();
    const queue = open(host);
    let failures = 2;
    beforeEachSync(() => {
      if (failures-- > 0) throw new Error('EIO: i/o error');
    });
    queue.push(eventMaker()());
    await queue.persisted?.();
    expect(failures).toBeLessThan(0);
    expect(host.errors.map(({ code, message }) => [code, message])).toEqual([
      ['queue_failed', expect.stringMatching(/cannot be synced .*EIO.*: persisted\(\) waits/)],
    ]);
  });

  it('waits for a sync that is under way already', async () => {
    const queue = open();
    let isSynced = false;
    let startSync = (): void => {};
    let finishSync = (): void => {};
    const started = new Promise<void>((resolve) => {
      startSync = resolve;
    });
    const finished = new Promise<void>((resolve) => {
      finishSync = resolve;
    });
    beforeEachSync(() => {
      startSync();
      return finished;
    });
    queue.push(eventMaker()());
    const first = queue.persisted?.();
    await started;
    const second = queue.persisted?.().then(() => expect(isSynced).toBe(true));
    // Three turns of the event loop are more than it needs to resolve too early.
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    isSynced = true;
    finishSync();
    await Promise.all([first, second]);
  });
});
