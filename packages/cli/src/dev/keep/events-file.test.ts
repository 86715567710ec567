import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { type Running, runCommand, startDevCommand } from '../../../test/command.js';
import { event, get, send, token, until, watch } from '../../../test/dev.js';
import type { RequestDetails } from '../protocol.js';

type RunningDev = Awaited<ReturnType<typeof startDevCommand>>;

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'successeve-dev-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'events.db');
}

async function stop({ child, ended }: Running, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  child.kill(signal);
  await ended;
}

/** How many entries a file holds, while no process uses it. */
function countIn(path: string): unknown {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare('SELECT count(*) AS count FROM entries').get()?.count;
  } finally {
    db.close();
  }
}

const start = (path: string): Promise<RunningDev> => startDevCommand(['--file', path]);

it('keeps what arrives over restarts, without the token', async () => {
  const path = newPath();
  const first = await start(path);
  const note = `${token} and more`;
  const message = { method: 'event', ...event, params: { note } };
  const contact = { method: 'contact', contact_uid: 'ada', params: { note, seats: 3 } };
  await send(`${first.url}/v1/batch`, { body: [message, contact] });
  const warning = { type: 'warning', at: 1, code: 'proxy', message: 'trust it' };
  await send(`${first.url}/dev/reports`, { body: { reports: [warning] } });
  const seen = await (await watch(first)).entriesAre(3);
  await stop(first);
  expect(countIn(path)).toBe(3);

  const second = await start(path);
  const page = await watch(second);
  expect(await page.entriesAre(3)).toEqual(seen);
  expect(seen[1]).toMatchObject({ kind: 'contact', attributes: 'note: *** and more, seats: 3' });
  const details = await get<RequestDetails>(`${second.url}/dev/requests/1`);
  expect(details.body).toBe(JSON.stringify([message, contact]).replaceAll(token, '***'));
  await send(`${second.url}/v1/track/event`, { body: event });
  const entries = await page.entriesAre(4);
  expect(entries[3]).toMatchObject({ seq: 4, requestId: 2 });
  // What was there before is nothing new.
  await until(() => expect(second.out).toContain('user_registration'));
  expect(second.out.match(/user_registration/g)).toHaveLength(1);
});

it('loses nothing that a page was shown when the process is killed', async () => {
  const path = newPath();
  const first = await start(path);
  const page = await watch(first);
  for (let i = 0; i < 20; i++) await send(`${first.url}/v1/track/event`, { body: event });
  await page.entriesAre(20);
  await stop(first, 'SIGKILL');
  await (await watch(await start(path))).entriesAre(20);
});

it('forgets in the file too what is cleared on the page', async () => {
  const path = newPath();
  const dev = await start(path);
  await send(`${dev.url}/v1/track/event`, { body: event });
  await send(`${dev.url}/dev/entries`, { method: 'DELETE', headers: { 'sec-fetch-site': 'same-origin' } });
  await send(`${dev.url}/v1/track/event`, { body: event });
  await stop(dev);
  expect(countIn(path)).toBe(1);
  const page = await watch(await start(path));
  expect(await page.entriesAre(1)).toMatchObject([{ seq: 2 }]);
});

it('may be read by its owner alone, also where it was there before', async () => {
  const path = newPath();
  writeFileSync(path, '', { mode: 0o644 });
  const dev = await start(path);
  await send(`${dev.url}/v1/track/event`, { body: event });
  await (await watch(dev)).entriesAre(1);
  for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('reports why a file cannot be used', async () => {
  const used = newPath();
  await start(used);
  const foreign = newPath();
  const db = new DatabaseSync(foreign);
  db.exec('CREATE TABLE customers (id)');
  db.close();
  const text = newPath();
  writeFileSync(text, 'not a database at all, but something else'.repeat(100));
  for (const [path, why] of [
    [used, 'another process has it open'],
    [foreign, 'it is a database of another application'],
    [text, 'file is not a database'],
    [join(newPath(), 'nowhere.db'), 'ENOENT'],
  ] as const) {
    const { code, err } = await runCommand(['dev', '--port', '0', '--file', path]);
    expect(code).toBe(1);
    expect(err).toContain(`error: --file ${path} cannot be used: ${why}`);
  }
});

it('reports that an older Node has no SQLite', async () => {
  const env = { NODE_OPTIONS: '--no-experimental-sqlite' };
  const { code, err } = await runCommand(['dev', '--port', '0', '--file', newPath()], { env });
  expect(code).toBe(1);
  expect(err).toContain('error: --file needs Node 22.13 or later, which has SQLite, and this is Node');
});
