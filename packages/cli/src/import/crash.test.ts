import { readFileSync } from 'node:fs';
import { scale } from '@successeve/test-scale';
import type { ReceivedRequest, Reply } from '@successeve/testing';
import { describe, expect, it } from 'vitest';
import type { JournalState } from './keep/journal.js';
import {
  api,
  endOf,
  eventLines,
  newFile,
  readJournalOf,
  startApiForEachTest,
  startImport,
} from './test-import.js';

startApiForEachTest();

/** Lines of which some are bad, one is blank, and some are rejected by the API. */
function mixedLines(count: number): string[] {
  return eventLines(count).map((line, index) => {
    if (index % 97 === 5) return 'not json';
    if (index % 101 === 7) return '';
    return JSON.stringify(index % 397 === 3 ? { ...line, event_uid: 'rejected' } : line);
  });
}

const isRejected = ({ events }: ReceivedRequest): boolean =>
  events.some(({ event_uid }) => event_uid === 'rejected');

/** Well for most of the time. It never takes an event without saying so. */
function unreliable(request: ReceivedRequest): Reply | undefined {
  if (isRejected(request)) return 422;
  const faults: readonly Reply[] = [
    503,
    500,
    'reset',
    'hang',
    { status: 429, headers: { 'Retry-After': '0' } },
  ];
  return faults[Math.floor(Math.random() * 300)] ?? { delayMs: Math.floor(Math.random() * 20) };
}

const mostKills = scale(5, 8);

/** How often each line was taken, by its number. */
function timesTaken(): Map<number, number> {
  const times = new Map<number, number>();
  for (const { contact_uid } of api.events) {
    const line = Number(contact_uid.slice(1));
    times.set(line, (times.get(line) ?? 0) + 1);
  }
  return times;
}

/** The lines in the file of those that were rejected, as far as the journal knows of it. */
function rejectedLines(path: string, { rejectedBytes }: JournalState): number[] {
  const entries = readFileSync(path.replace('.ndjson', '.rejected.ndjson')).subarray(0, rejectedBytes);
  return entries
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((entry) => JSON.parse(entry).rejection.line);
}

describe.each([
  ['one event a request', [], 16],
  ['batches', ['--batch'], 1600],
])('successeve import, killed again and again, with %s', (_, options, mostUnderWay) => {
  it('delivers every line, and again only what was under way or not noted yet', {
    timeout: 120_000,
  }, async () => {
    const lines = mixedLines(options.length > 0 ? 15_000 : 4000);
    const path = newFile('events.ndjson', `${lines.join('\n')}\n`);
    api.reply(unreliable);
    /** How often each line may be taken once more: it was taken, and no journal said so. */
    const excused = new Map<number, number>();
    let takenBefore = new Map<number, number>();
    let kills = 0;
    for (;;) {
      const requests = api.requests.length;
      const running = startImport(api, path, ...options);
      const hasEnded = await Promise.race([
        running.ended.then(() => true),
        api.waitForRequests(requests + 1, { timeoutMs: 20_000 }).then(() => false),
      ]);
      if (!hasEnded) await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      if (kills < mostKills) running.child.kill('SIGKILL');
      const { code, out, err } = await endOf(running, api);
      if (code !== null) {
        expect({ code, err }).toMatchObject({ code: 1 });
        expect(out).toContain(`${lines.length.toLocaleString('en')} lines = `);
        break;
      }
      kills++;
      // From here on it may come to its end.
      if (kills === mostKills) api.reply((request) => (isRejected(request) ? 422 : undefined));
      // What it had sent is received to the end before we look.
      await expect.poll(() => api.sockets.open).toBe(0);
      const journal = readJournalOf(path);
      const isSettled = (line: number): boolean =>
        journal.settled.some(([from, to]) => from <= line && line <= to);
      const taken = timesTaken();
      const unnoted = [...taken].filter(
        ([line, times]) => !isSettled(line) && times > (takenBefore.get(line) ?? 0),
      );
      takenBefore = taken;
      expect(unnoted.length).toBeLessThanOrEqual(mostUnderWay);
      for (const [line, times] of unnoted) excused.set(line, times);
      // What a journal calls settled is.
      const rejected = new Set(rejectedLines(path, journal));
      for (const [from, to] of journal.settled) {
        for (let line = from; line <= to; line++) {
          expect(taken.has(line) || rejected.has(line) || lines[line - 1] === '', `line ${line}`).toBe(true);
        }
      }
    }
    expect(kills).toBeGreaterThan(3);

    const taken = timesTaken();
    const rejected = rejectedLines(path, readJournalOf(path));
    const isBad = (line: string): boolean => line === 'not json' || line.includes('rejected');
    const bad = lines.flatMap((line, index) => (isBad(line) ? [index + 1] : []));
    // Each once, however often the process was killed.
    expect(rejected.sort((a, b) => a - b)).toEqual(bad);
    const good = lines.flatMap((line, index) => (line !== '' && !isBad(line) ? [index + 1] : []));
    expect(good.filter((line) => !taken.has(line))).toEqual([]);
    for (const [line, times] of taken) {
      expect(times, `line ${line}`).toBeLessThanOrEqual(1 + (excused.get(line) ?? 0));
    }
    const { counts } = readJournalOf(path);
    expect(counts).toEqual({
      delivered: good.length,
      rejected: bad.length,
      blank: lines.length - good.length - bad.length,
    });
    const again = [...taken.values()].reduce((sum, times) => sum + times - 1, 0);
    console.info(`${kills} kills, ${good.length} lines delivered, ${again} of them again`);
  });
});
