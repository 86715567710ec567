import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createTracker, type Tracker, type TrackerOptions, TrackingError } from '@successeve/core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { newPath, withFile } from '../../test/queue-file.js';
import { sqliteQueue } from '../index.js';

// Node 22 warns that its SQLite is experimental.
const env = { ...process.env, NODE_NO_WARNINGS: '1', SUCCESSEVE_API_TOKEN: 'secret-token' };
const bin = fileURLToPath(new URL('../../dist/bin.mjs', import.meta.url));

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: string[]): Promise<Run> {
  const child = spawn(process.execPath, [bin, ...args], {
    env,
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  expect(out + err).not.toContain('secret-token');
  return { code, out, err };
}

let path: string;
let sent: string[];

beforeEach(() => {
  path = newPath();
  sent = [];
});

/** An application whose API rejects every `bad` event, and accepts the others if `delivers`. */
function startApp(delivers: boolean, options: TrackerOptions = {}, leaseMs = 300): Tracker {
  const rejected = new TrackingError('rejected', 'the API answered 422', {
    status: 422,
    body: 'bad \u001b[31mcolour,\n  and more',
  });
  const tracker = createTracker({
    queue: sqliteQueue({ path, leaseMs }),
    transport: {
      async send([event]) {
        if (event?.body.includes('"bad"')) return { status: 'rejected', error: rejected };
        if (!delivers)
          return {
            status: 'rate_limited',
            rateLimit: { limit: undefined, remaining: 0, resetsAt: Date.now() + 60_000 },
          };
        sent.push(JSON.parse(event?.body ?? '').contact_uid);
        return { status: 'delivered' };
      },
    },
    flushOnExit: false,
    onDrop() {},
    ...options,
  });
  onTestFinished(async () => void (await tracker.close({ timeoutMs: 0 })));
  return tracker;
}

/** Two rejected events, then two that wait. */
async function fill(leaseMs?: number): Promise<Tracker> {
  const tracker = startApp(false, {}, leaseMs);
  tracker.event('first_bad', { contactUid: 'bad' });
  tracker.event('second_bad', { contactUid: 'bad', params: { n: 2 } });
  await expect.poll(() => tracker.stats().dropped.rejected).toBe(2);
  const occurredAt = Date.now() - 2 * 3600_000;
  tracker.event('user_registration', { contactUid: 'a', params: { plan: 'pro' }, occurredAt });
  tracker.pageview({ contactUid: 'b', visitUrl: 'https://example.com/' });
  await tracker.persisted();
  await expect.poll(() => tracker.stats().inFlight).toBe(0);
  return tracker;
}

describe('successeve-queue', () => {
  it('shows waiting events, their age and their process, and rejected events with the reason, while an application runs', async () => {
    await fill();
    const { code, out } = await run('--file', path);
    expect(code).toBe(0);
    expect(out).toMatch(/^Waiting: 1 event and 1 pageview \(\d+ B\), the oldest for 2 h 0 min\n/);
    expect(out).toMatch(new RegExp(`process ${process.pid} +1 +1 +\\d+ B +2 h 0 min\n`));
    expect(out).toContain('Rejected: 2 events\n');
    expect(out).toMatch(
      / 2 {2}second_bad {2}\d s +the API answered 422\n {6}bad \\u001b\[31mcolour, and more\n/,
    );
    expect(out).not.toContain('\u001b');
  });

  it('writes the same as JSON, with as many rejected events as --limit allows', async () => {
    await fill();
    const { out } = await run('status', '--json', '--limit', '1', '--file', path);
    const { oldest } = JSON.parse(out);
    expect(Date.now() - new Date(oldest).getTime()).toBeGreaterThan(2 * 3600_000);
    expect(JSON.parse(out)).toMatchObject({
      waiting: { events: 1, pageviews: 1 },
      processes: [{ pid: process.pid, isHeld: true }],
      rejected: {
        count: 2,
        newest: [{ id: 2, eventUid: 'second_bad', status: 422, answer: 'bad \u001b[31mcolour,\n  and more' }],
      },
    });
  });

  it('shows what was rejected of contacts and accounts, and lets it wait again', async () => {
    const tracker = startApp(false);
    tracker.contact('bad', { plan: 'pro' });
    tracker.account('bad', { seats: 3 });
    await expect.poll(() => tracker.stats().dropped.rejected).toBe(2);
    await tracker.close({ timeoutMs: 0 });
    const { out } = await run('--file', path);
    expect(out).toMatch(/^ *\d +account +\d s +the API answered 422/m);
    expect(out).toMatch(/^ *\d +contact +\d s +the API answered 422/m);
    withFile(path, (db) => db.exec(`UPDATE rejected SET body = replace(body, '"bad"', '"good"')`));
    expect(await run('--file', path, 'retry', '--all')).toMatchObject({
      out: '2 events waiting again.\n',
    });
    const next = startApp(true);
    await expect.poll(() => next.stats().delivered).toBe(2);
  });

  it('lets rejected events wait again, for a running application to send', async () => {
    await (await fill()).close({ timeoutMs: 0 });
    withFile(path, (db) => db.exec(`UPDATE rejected SET body = replace(body, '"bad"', '"good"')`));
    startApp(true);
    await expect.poll(() => sent).toEqual(['a', 'b']);
    expect(await run('--file', path, 'retry', '2')).toMatchObject({
      code: 0,
      out: '1 event waiting again.\n',
    });
    await expect.poll(() => sent).toEqual(['a', 'b', 'good']);
    expect(await run('--file', path, 'retry', '--all')).toMatchObject({ out: '1 event waiting again.\n' });
    await expect.poll(() => sent).toHaveLength(4);
    expect((await run('--file', path)).out).toBe(
      'Waiting: 0 events and 0 pageviews (0 B)\nRejected: 0 events\n',
    );
  });

  it('deletes rejected events, and waiting ones only where they belong to no running process', async () => {
    const tracker = await fill(60_000); // Long enough that a busy machine cannot outlast it.
    expect((await run('--file', path, 'purge', '1')).out).toBe('1 rejected event deleted.\n');
    expect((await run('--file', path, 'purge', '--all')).out).toBe('1 rejected event deleted.\n');
    const { code, out } = await run('--file', path, 'purge', '--waiting');
    expect(code).toBe(0);
    expect(out).toBe(
      '0 waiting events deleted.\n2 events of running processes left: stop those processes, or let them deliver.\n',
    );
    await tracker.close({ timeoutMs: 0 });
    expect((await run('--file', path, 'purge', '--waiting')).out).toBe('2 waiting events deleted.\n');
    expect(withFile(path, (db) => db.prepare('SELECT count(*) AS n FROM shares').get())).toEqual({ n: 0 });
  });

  it('exports what waits and what was rejected, one line of JSON an event', async () => {
    await fill();
    const lines = async (...args: string[]): Promise<unknown[]> =>
      (await run('--file', path, 'export', ...args)).out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(await lines()).toMatchObject([
      { kind: 'event', eventUid: 'user_registration', contactUid: 'a', params: { plan: 'pro' } },
      { kind: 'pageview', eventUid: 'pageview', contactUid: 'b', visitUrl: 'https://example.com/' },
    ]);
    expect(await lines('--rejected')).toMatchObject([
      { eventUid: 'first_bad', rejection: { id: 1, status: 422, reason: 'the API answered 422' } },
      { eventUid: 'second_bad', params: { n: 2 }, rejection: { id: 2 } },
    ]);
  });

  it('exports a long queue completely, and stops quietly when its output is closed', async () => {
    const tracker = startApp(false);
    for (let i = 0; i < 5000; i++) tracker.event('tested', { contactUid: i });
    await tracker.persisted();
    const { out } = await run('--file', path, 'export');
    const contacts = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).contactUid);
    expect(contacts).toEqual(Array.from({ length: 5000 }, (_, i) => String(i)));
    const child = spawn('sh', ['-c', `"${process.execPath}" "${bin}" --file "${path}" export | head -n 1`], {
      env,
    });
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    await once(child, 'close');
    expect(err).toBe('');
  });

  it.each([
    [[], '--file: expected the path of a queue file'],
    [['frobnicate'], 'expected one of the commands status, retry, purge, export, got frobnicate'],
    [['--frobnicate'], "unknown option '--frobnicate'\n"],
    [['retry'], 'retry: expected the ids of rejected events, or --all'],
    [['purge'], 'purge: expected the ids of rejected events, or --all, or --waiting'],
    [['purge', '--all', '--waiting'], 'purge: expected the ids'],
    [['retry', 'one'], 'expected the id of a rejected event, as status shows it, got one'],
    [['retry', '--waiting'], '--waiting is not for retry'],
    [['export', '3'], 'export takes no ids'],
    [['--file', 'q', '--limit', 'many'], '--limit: expected a number'],
  ])('rejects %j with the reason, and ends with 2', async (args, why) => {
    const { code, out, err } = await run(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(`error: ${why}`);
    expect(err).toContain('\nTry successeve-queue --help.\n');
  });

  it('ends with 1 and the reason where it fails, and creates no file', async () => {
    expect(await run('--file', path)).toMatchObject({
      code: 1,
      err: `error: --file: expected a file that can be read and written, got ${path} (ENOENT: no such file or directory)\n`,
    });
    await fill();
    expect(await run('--file', path, 'retry', '99')).toMatchObject({
      code: 1,
      err: 'error: no rejected event has the id 99\n',
    });
  });

  it('explains itself', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const command of ['status', 'retry', 'purge', 'export']) expect(out).toContain(`\n  ${command}`);
  });
});

describe('@successeve/sqlite/command', () => {
  const command = import.meta.resolve('../../dist/command.mjs');
  const require = createRequire(import.meta.url);

  it.each([
    ['import', () => import(command)],
    ['require', () => require('../../dist/command.cjs')],
  ])('runs the command under another name and on other streams, loaded by %s', async (_, load) => {
    const { queueCommand }: typeof import('./index.js') = await load();
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const options = { name: 'successeve queue', stdout, stderr };
    expect(await queueCommand(['--help'], options)).toBe(0);
    expect(await queueCommand(['--frobnicate'], options)).toBe(2);
    expect(await queueCommand(['--file', path], options)).toBe(1);
    for (const stream of [stdout, stderr]) stream.end();
    expect(await text(stdout)).toMatch(/^Usage: successeve queue --file <path>/);
    expect(await text(stderr)).toMatch(/\nTry successeve queue --help\.\nerror: --file: .*ENOENT/);
  });

  it('is not loaded by applications', () => {
    expect(readFileSync(new URL('../../dist/index.mjs', import.meta.url), 'utf8')).not.toContain('Usage:');
  });
});
