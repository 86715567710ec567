import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeApi, startFakeApi } from '../../test/fake-api.js';
import { createTracker } from '../index.js';

let api: FakeApi;
const children: ChildProcess[] = [];

beforeEach(async () => {
  api = await startFakeApi();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await api.close();
});

interface Exit {
  code: number | null;
  signal: string | null;
  output: string;
}

interface RunningApp {
  readonly child: ChildProcess;
  output(): string;
  hasPrinted(text: string): Promise<void>;
  /** Signals the application from outside of its PID namespace, as Docker does. */
  killFirstProcess(signal: NodeJS.Signals): void;
}

const app = fileURLToPath(new URL('../../test/exiting-app.mjs', import.meta.url));

/** Runs a command as the first process of a PID namespace, as a container does. */
const unshare = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
/** Needs Linux and the right to make namespaces, which root has, but not in each container. */
const canUnshare = spawnSync('unshare', [...unshare.slice(1), 'true']).status === 0;

function start(env: Record<string, string>, prefix: readonly string[] = []): RunningApp {
  const [command = '', ...args] = [...prefix, process.env.MACHINE_NODE ?? process.execPath, app];
  const child = spawn(command, args, {
    env: { ...process.env, SUCCESSEVE_API_TOKEN: api.token, SUCCESSEVE_API_URL: api.url, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      child.emit('printed');
    });
  }
  return {
    child,
    output: () => output,
    async hasPrinted(text) {
      while (!output.includes(text)) await once(child, 'printed');
    },
    killFirstProcess(signal) {
      const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').split(' ');
      process.kill(Number(pid), signal);
    },
  };
}

/** Starts the application, waits until it has tracked, and lets `act` end it. */
async function run(
  env: Record<string, string>,
  act: (child: ChildProcess) => void = () => {},
): Promise<Exit> {
  const { child, output, hasPrinted } = start(env);
  void hasPrinted('tracked').then(() => act(child));
  const [code, signal] = await once(child, 'close');
  return { code, signal, output: output() };
}

const term = (child: ChildProcess): void => {
  child.kill('SIGTERM');
};

describe('a process that ends', () => {
  it('by itself delivers everything first, and is not held open by us', async () => {
    expect(await run({ APP_MODE: 'natural end' })).toMatchObject({ code: 0, signal: null });
    expect(new Set(api.events.map((event) => event.contact_uid)).size).toBe(200);
    expect(api.events).toHaveLength(200);
  });

  it('by SIGTERM right after 200 events delivers them, then dies of SIGTERM', async () => {
    expect(await run({}, term)).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(new Set(api.events.map((event) => event.contact_uid)).size).toBe(200);
  });

  it('by SIGTERM does so with batches too', async () => {
    expect(await run({ APP_BATCH: '1', APP_EVENTS: '1000' }, term)).toMatchObject({ signal: 'SIGTERM' });
    expect(api.events).toHaveLength(1000);
  });

  it('by SIGINT does the same', async () => {
    const exit = await run({}, (child) => child.kill('SIGINT'));
    expect(exit).toMatchObject({ code: null, signal: 'SIGINT' });
    expect(api.events).toHaveLength(200);
  });

  it.each(['own handler', 'own handler, there before us'])(
    'by SIGTERM with the %s, even one that listens once, leaves the end to it',
    async (mode) => {
      const exit = await run({ APP_MODE: mode }, term);
      expect(exit).toMatchObject({ code: 0, signal: null });
      expect(exit.output).toContain('own handler');
      expect(api.events).toHaveLength(200);
    },
  );

  it('dies of the signal with two copies of the package too, and both deliver', async () => {
    expect(await run({ APP_MODE: 'two copies', APP_EVENTS: '10' }, term)).toMatchObject({
      signal: 'SIGTERM',
    });
    expect(api.events.map((event) => event.contact_uid)).toContain('copy');
    expect(api.events).toHaveLength(11);
  });

  it('waits no longer than five seconds for an API that hangs', { timeout: 30_000 }, async () => {
    api.reply(() => 'hang');
    const start = Date.now();
    const exits = [run({ APP_EVENTS: '10' }, term), run({ APP_EVENTS: '10', APP_MODE: 'natural end' })];
    expect(await Promise.all(exits)).toMatchObject([
      {
        signal: 'SIGTERM',
        output: expect.stringMatching(/10 events are not delivered yet, 1 s after SIGTERM; .* kill_timeout/),
      },
      { code: 0 },
    ]);
    expect(Date.now() - start).toBeGreaterThan(4500);
    // With the time in which a busy machine starts two processes; without a limit they would never end.
    expect(Date.now() - start).toBeLessThan(20_000);
  });

  it('dies at once of a second signal', async () => {
    api.reply(() => 'hang');
    const { child, hasPrinted } = start({});
    await hasPrinted('tracked');
    child.kill('SIGINT');
    await hasPrinted('not delivered yet, 1 s after SIGINT');
    const secondAt = Date.now();
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
    // The first alone would take four seconds more.
    expect(Date.now() - secondAt).toBeLessThan(3000);
  });

  it.each(['natural end', 'process.exit', 'uncaught exception'])(
    'by %s says what it could not deliver',
    { timeout: 15_000 },
    async (mode) => {
      api.reply(() => 503);
      const { output } = await run({ APP_EVENTS: '10', APP_MODE: mode });
      // One of them was under way; its outcome is unknown.
      expect(output).toMatch(/onDrop closed\n(.*10 closed, 0 queued, 0|.*9 closed, 0 queued, 1) in flight/s);
    },
  );

  it('delivers nothing more where flushOnExit is false, and ends at once', async () => {
    api.reply(() => 'hang');
    const { code, output } = await run({ APP_MODE: 'no flush' });
    expect(code).toBe(0);
    // After the five seconds it would have dropped them.
    expect(output).toMatch(/^tracked\n0 closed, /);
  });
});

describe('the first process of a container, which the kernel does not let a signal end,', () => {
  it.skipIf(!canUnshare)('lives on as it would without us, and what it tracks is delivered', async () => {
    const child = start({ APP_MODE: 'serves on', APP_EVENTS: '1000' }, unshare);
    await child.hasPrinted('tracked');
    child.killFirstProcess('SIGTERM');
    await vi.waitFor(() => expect(api.events.length).toBeGreaterThanOrEqual(1000), { timeout: 10_000 });
    child.killFirstProcess('SIGTERM');
    child.killFirstProcess('SIGINT');
    // It tracks one more every 50 ms, for as long as it lives.
    const served = (): number => api.events.filter((event) => event.contact_uid === 'served').length;
    const before = served();
    await vi.waitFor(() => expect(served()).toBeGreaterThan(before + 5), { timeout: 10_000 });
    expect(child.output()).not.toContain('onDrop');
  });
});

describe('where the process is killed soon after its signal, as PM2 does,', () => {
  it('explicit events were sent before it, though thousands of pageviews wait', async () => {
    api.reply(() => ({ status: 200, delayMs: 20 }));
    const received = (kind: string): number => api.events.filter((event) => event.event_uid === kind).length;
    const { child, hasPrinted } = start({ APP_EVENTS: '50', APP_PAGEVIEWS: '5000' });
    await hasPrinted('tracked');
    child.kill('SIGINT');
    await vi.waitFor(() => expect(received('pageview')).toBeGreaterThan(0), { timeout: 15_000, interval: 1 });
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(received('tested')).toBe(50), { timeout: 15_000 });
    expect(received('pageview')).toBeLessThan(5000);
  });
});

describe('a closed tracker', () => {
  it('leaves no listener behind', async () => {
    const counts = (): number[] =>
      ['SIGTERM', 'SIGINT', 'beforeExit'].map((name) => process.listenerCount(name));
    const before = counts();
    const trackers = Array.from({ length: 20 }, () => createTracker({ apiToken: 't' }));
    expect(counts()).toEqual(before.map((count) => count + 1));
    await Promise.all(trackers.map((tracker) => tracker.close()));
    await expect.poll(() => counts()).toEqual(before);
  });
});
