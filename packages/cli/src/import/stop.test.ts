import { existsSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type Running, startCommand } from '../../test/command.js';
import {
  api,
  contacts,
  endOf,
  eventLines,
  ndjson,
  newFile,
  readJournalOf,
  readNdjson,
  runImport,
  startApiForEachTest,
  startImport,
} from './test-import.js';

startApiForEachTest();

describe('successeve import, stopped', () => {
  it('by Ctrl-C waits for what is under way, and goes on with the same command', async () => {
    let isSlow = true;
    api.reply(() => (isSlow ? { delayMs: 300 } : undefined));
    const path = newFile('events.ndjson', ndjson(eventLines(200)));
    const running = startImport(api, path);
    await api.waitForRequests(20);
    running.child.kill('SIGINT');
    const { code, err } = await endOf(running, api);
    expect(code).toBe(130);
    expect(err).toContain(`To resume: successeve import ${path}\n`);
    const delivered = api.events.length;
    expect(delivered).toBeLessThan(200);
    expect(readJournalOf(path).counts.delivered).toBe(delivered);
    isSlow = false;
    const { code: next, out } = await runImport(api, path);
    expect({ next, out }).toEqual({ next: 0, out: '200 lines = 200 delivered + 0 rejected + 0 blank\n' });
    // Not one was sent twice.
    expect(api.events).toHaveLength(200);
    expect(new Set(contacts()).size).toBe(200);
  });

  it('by Ctrl-C does not wait for longer than five seconds, and twice not at all', async () => {
    api.reply(() => 'hang');
    const path = newFile('events.ndjson', ndjson(eventLines(20)));
    const patient = startImport(api, path);
    await api.waitForRequests(1);
    patient.child.kill('SIGINT');
    expect(await patient.ended).toBe(130);
    const impatient = startImport(api, path);
    await api.waitForRequests(2);
    impatient.child.kill('SIGINT');
    await expect.poll(() => impatient.child.kill('SIGINT')).toBe(false);
    expect(await impatient.ended).toBe(130);
    expect(existsSync(`${path}.import.lock`)).toBe(false);
  });

  it('leaves out what is settled already when it goes on, also behind a line that is not', async () => {
    api.reply(({ events }) => (events[0]?.contact_uid === 'c1' ? 500 : undefined));
    const path = newFile('events.ndjson', ndjson(eventLines(50)));
    const { child, ended } = startImport(api, path);
    await vi.waitFor(() => expect(readJournalOf(path).settled).toEqual([[2, 50]]), { timeout: 10_000 });
    child.kill('SIGINT');
    await ended;
    api.reply([]);
    const { code, out } = await runImport(api, path);
    expect({ code, out }).toEqual({ code: 0, out: '50 lines = 50 delivered + 0 rejected + 0 blank\n' });
    expect(api.events).toHaveLength(50);
  });

  it('by SIGTERM is the same', async () => {
    api.reply(() => 503);
    const path = newFile('events.ndjson', ndjson(eventLines(20)));
    const { child, ended } = startImport(api, path);
    await api.waitForRequests(1);
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
  });
});

describe('successeve import, on a full disk', () => {
  it('stops with what it could write down, and loses no rejected line', async () => {
    const bad = eventLines(400).map((line, index) => (index % 2 ? line : { ...line, contact_uid: '' }));
    const path = newFile('events.ndjson', ndjson(bad));
    const { code, err } = await endOf(startWithFullDisk(16_000, path), api);
    expect(code).toBe(1);
    expect(err).toMatch(/error: EFBIG.*\nStopped: /);
    const { out } = await runImport(api, path);
    expect(out).toMatch(/^400 lines = 200 delivered \+ 200 rejected/);
    const rejected = readNdjson(path.replace('.ndjson', '.rejected.ndjson')) as {
      rejection: { line: number };
    }[];
    expect(rejected.map(({ rejection }) => rejection.line)).toEqual(
      Array.from({ length: 200 }, (_, index) => index * 2 + 1),
    );
  });
});

/** An import that cannot write more than so many bytes into a file. */
function startWithFullDisk(bytes: number, path: string): Running {
  const limit = `import{execFileSync}from"node:child_process";execFileSync("prlimit",["--pid="+process.pid,"--fsize=${bytes}"])`;
  const env = {
    SUCCESSEVE_API_URL: api.url,
    SUCCESSEVE_API_TOKEN: api.token,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(limit)}`,
  };
  return startCommand(['import', path], { env });
}
