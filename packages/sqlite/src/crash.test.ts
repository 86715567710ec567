import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { scale } from '@successeve/test-scale';
import { type FakeApi, type ReceivedRequest, type Reply, startFakeApi } from '@successeve/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newPath, withFile, withFileLocked } from '../test/queue-file.js';

let api: FakeApi;
let path: string;
const children: ChildProcess[] = [];

/** For a machine that is busy with something else. */
const patient = { timeoutMs: 20_000 };

beforeEach(async () => {
  api = await startFakeApi();
  path = newPath();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await api.close();
});

interface App {
  readonly name: string;
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly end: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves when it has printed something. */
  said(what: string): Promise<void>;
  /** Resolves when it prints something, from now on. */
  says(what: string): Promise<void>;
}

function start(name: string, env: Record<string, string> = {}): App {
  const app = fileURLToPath(new URL('../test/tracking-app.mjs', import.meta.url));
  const child = spawn(process.execPath, [app], {
    env: {
      ...process.env,
      // Node 22 warns that its SQLite is experimental.
      NODE_NO_WARNINGS: '1',
      SUCCESSEVE_API_TOKEN: api.token,
      SUCCESSEVE_API_URL: api.url,
      APP_NAME: name,
      APP_FILE: path,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: string[] = [];
  let rest = '';
  let onLine = (_line: string): void => {};
  const read = (chunk: Buffer): void => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const line of parts) onLine(line);
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  const end = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const said = (what: string): Promise<void> =>
    vi.waitFor(() => expect(lines.join('\n')).toContain(what), { timeout: 20_000, interval: 5 });
  const says = (what: string): Promise<void> =>
    new Promise((resolve) => {
      onLine = (line) => line.startsWith(what) && resolve();
    });
  return { name, child, lines, end, said, says };
}

/** What an application said after a word. */
function saidBy({ lines }: App, word: string): string[] {
  return lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
}

/** The events that an application knew to be on disk. */
function persistedBy(app: App): string[] {
  const count = Math.max(0, ...saidBy(app, 'persisted').map(Number));
  return Array.from({ length: count }, (_, n) => `${app.name}-${n}`);
}

/** The requests whose events the API took and got again later. */
function sentAgain(): ReceivedRequest[] {
  const taken = api.requests.filter(({ status }) => status === 200);
  const last = new Map<string, ReceivedRequest>();
  for (const request of taken) for (const { contact_uid } of request.events) last.set(contact_uid, request);
  return taken.filter(({ events }, i) =>
    events.some(({ contact_uid }) => last.get(contact_uid) !== taken[i]),
  );
}

const contacts = (): string[] => api.events.map(({ contact_uid }) => contact_uid);

function expectIntact(): void {
  withFile(path, (db) => {
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  });
}

describe('kills', () => {
  it('again and again at random moments, of two processes on one file, under a failing API, lose nothing that was on disk, and send twice only what was in flight', {
    timeout: 300_000,
  }, async () => {
    const kills = scale(20, 100);
    const faults: (Reply | undefined)[] = [
      undefined,
      503,
      undefined,
      429,
      undefined,
      'reset',
      undefined,
      'hang',
    ];
    const startedAt = Date.now();
    // The API turns from one state to the next ten times a second.
    api.reply(() => faults[Math.floor((Date.now() - startedAt) / 100) % faults.length]);
    const apps: App[] = [];
    const killed: string[] = [];

    const killAgainAndAgain = async (): Promise<void> => {
      while (apps.length < kills) {
        const app = start(`app${apps.length}`, { APP_BATCH: String(apps.length % 2) });
        apps.push(app);
        await app.said('started');
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
        // Every second time the very next moment in which an answer was read: nothing of it may come again.
        if (apps.length % 2) await app.says('read');
        killed.push(app.name);
        app.child.kill('SIGKILL');
        expect(await app.end).toEqual({ code: null, signal: 'SIGKILL' });
      }
    };
    await Promise.all([killAgainAndAgain(), killAgainAndAgain()]);
    expect(
      apps.flatMap(({ lines }) => lines.filter((line) => !/^(started|(persisted|read) \d+)$/.test(line))),
    ).toEqual([]);

    api.reply([]);
    const last = start('last', { APP_MODE: 'drain', APP_BATCH: '1' });
    const persisted = apps.flatMap(persistedBy);
    expect(persisted.length).toBeGreaterThan(kills * 10);
    const isMissing = (): string[] => {
      const delivered = new Set(contacts());
      return persisted.filter((contact) => !delivered.has(contact));
    };
    await vi.waitFor(() => expect(isMissing()).toEqual([]), { timeout: 30_000, interval: 200 });
    last.child.kill('SIGTERM');
    await last.end;
    expectIntact();

    const again = sentAgain().map(({ headers }) => ({
      sender: apps.find(({ name }) => name === headers['x-sender']) as App,
      request: String(headers['x-request']),
    }));
    for (const { sender } of again) expect(killed).toContain(sender.name);
    // The process had not read the answer, or was killed in the very moment in which it did.
    expect(again.filter(({ sender, request }) => saidBy(sender, 'read').includes(request))).toEqual([]);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
    const read = apps.reduce((sum, app) => sum + saidBy(app, 'read').length, 0);
    console.info(
      `${kills} kills in ${seconds} s: ${persisted.length} events were on disk, ${new Set(contacts()).size} were delivered; ${read} answers had been read, ${again.length} requests were in flight at a kill and sent again`,
    );
  });

  it.each([
    { what: 'one event', batch: '0', isLocked: false },
    { what: 'a batch', batch: '1', isLocked: false },
    { what: 'one event of a locked file', batch: '0', isLocked: true },
  ])(
    'in the very turn of the response to $what let nothing of it be sent again',
    {
      timeout: 60_000,
    },
    async ({ batch, isLocked }) => {
      const options = { APP_BATCH: batch, APP_LEASE_MS: '300' };
      if (isLocked) api.reply(() => 503);
      const app = start('app', { ...options, APP_MODE: 'kill itself', APP_EVENTS: '200' });
      if (isLocked) {
        await app.said('persisted 200');
        await withFileLocked(path, async () => {
          api.reply([]);
          await app.end;
        });
      }
      expect(await app.end).toEqual({ code: null, signal: 'SIGKILL' });
      start('last', { ...options, APP_MODE: 'drain' });
      await vi.waitFor(() => expect(new Set(contacts()).size).toBe(200), { timeout: 20_000 });
      const delivered = saidBy(app, 'delivered');
      expect(delivered).toHaveLength(batch === '1' ? 100 : 1);
      for (const contact of delivered) {
        expect(contacts().filter((other) => other === contact)).toHaveLength(1);
      }
    },
  );
});

describe('a process that ends', { timeout: 60_000 }, () => {
  it.each(['exit', 'throw'])(
    'by %s leaves everything on disk, for the next one to take at once',
    async (mode) => {
      api.reply(() => 503);
      const app = start('first', { APP_MODE: mode, APP_EVENTS: '500', APP_LEASE_MS: '300000' });
      await app.end;
      expect(withFile(path, (db) => db.prepare('SELECT count(*) AS n FROM events').get())).toEqual({
        n: 500,
      });
      api.reply([]);
      start('second', { APP_MODE: 'drain', APP_LEASE_MS: '300000' });
      await api.waitForEvents(500, patient);
      expect(new Set(contacts()).size).toBe(500);
    },
  );

  it('for having nothing else to do is not held up, however much it leaves', async () => {
    api.reply(() => 503);
    // Enough that the WAL has to be emptied, in another thread.
    const app = start('first', { APP_MODE: 'short', APP_EVENTS: '60000' });
    expect(await app.end).toEqual({ code: 0, signal: null });
    expect(withFile(path, (db) => db.prepare('SELECT count(*) AS n FROM events').get())).toEqual({
      n: 60_000,
    });
  });

  it('by a signal leaves what it could not deliver to the next one, which takes it at once', async () => {
    api.reply(() => 503);
    const app = start('first', { APP_MODE: 'signal', APP_EVENTS: '500', APP_LEASE_MS: '300000' });
    await app.said('persisted 500');
    app.child.kill('SIGTERM');
    await api.waitForRequests(3, patient);
    // Twice, as by a person who does not want to wait for the five seconds.
    const impatience = setInterval(() => app.child.kill('SIGTERM'), 50);
    expect(await app.end).toEqual({ code: null, signal: 'SIGTERM' });
    clearInterval(impatience);
    expect(app.lines.filter((line) => line.startsWith('dropped'))).toEqual([]);
    api.reply([]);
    start('second', { APP_MODE: 'drain', APP_LEASE_MS: '300000' });
    await api.waitForEvents(500, patient);
    expect(new Set(contacts()).size).toBe(500);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s drops nothing of what it tracks until the very end',
    async (signal) => {
      // Requests are under way when the process ends, and have to be cut off.
      api.reply(() => 'hang');
      const app = start('app', { APP_MODE: 'busy' });
      await app.said('tracked 1000');
      // The second one ends the wait for the API.
      const impatience = setInterval(() => app.child.kill(signal), 50);
      expect(await app.end).toEqual({ code: null, signal });
      clearInterval(impatience);
      expect(app.lines.filter((line) => line.startsWith('dropped'))).toEqual([]);
      const tracked = saidBy(app, 'tracked').length;
      expect(withFile(path, (db) => db.prepare('SELECT count(*) AS n FROM events').get())).toEqual({
        n: tracked,
      });
    },
  );

  it('by a kill leaves it to a process that is there already, once its lease has run out', async () => {
    api.reply(() => 503);
    const [first, second] = [start('first', { APP_MODE: 'signal' }), start('second', { APP_MODE: 'drain' })];
    await Promise.all([first.said('persisted 10'), second.said('started')]);
    first.child.kill('SIGKILL');
    await first.end;
    api.reply([]);
    await api.waitForEvents(10, patient);
    expect(new Set(contacts()).size).toBe(10);
    expect(api.requests.filter(({ status }) => status === 200)[0]?.headers['x-sender']).toBe('second');
  });

  it('by a kill has its contacts sent once, by the next process', async () => {
    api.reply(() => 503);
    const first = start('ada', { APP_MODE: 'identify' });
    await first.said('persisted 1');
    first.child.kill('SIGKILL');
    await first.end;
    const second = start('ada', { APP_MODE: 'identify' });
    await second.said('persisted 1');
    api.reply([]);
    const waiting = (): unknown =>
      withFile(path, (db) => db.prepare('SELECT count(*) AS n FROM events').get()?.n);
    await vi.waitFor(() => expect(waiting()).toBe(0), { timeout: 10_000 });
    expect(api.contacts).toMatchObject([{ contact_uid: 'ada', params: { plan: 'pro' } }]);
  });

  it('only seemingly, because it was frozen, gives up the events that others took over and goes on', async () => {
    api.reply(() => 503);
    const env = { APP_LEASE_MS: '300' };
    const first = start('first', { ...env, APP_MODE: 'signal', APP_EVENTS: '600' });
    await first.said('persisted 600');
    first.child.kill('SIGSTOP');
    start('second', { ...env, APP_MODE: 'drain' });
    api.reply([]);
    await api.waitForEvents(600, patient);
    first.child.kill('SIGCONT');
    const waiting = (): unknown =>
      withFile(path, (db) => db.prepare('SELECT count(*) AS n FROM events').get());
    await vi.waitFor(() => expect(waiting()).toEqual({ n: 0 }), { timeout: 10_000 });
    first.child.kill('SIGTERM');
    expect(await first.end).toEqual({ code: null, signal: 'SIGTERM' });
    const counts = new Map<string, number>();
    for (const contact of contacts()) counts.set(contact, (counts.get(contact) ?? 0) + 1);
    expect(counts.size).toBe(600);
    // What it was sending when it was stopped is all that can come twice.
    expect([...counts.values()].filter((count) => count > 1).length).toBeLessThanOrEqual(16);
  });
});
