import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Books } from '../keep/import-files.js';
import { Account } from '../keep/line-ledger.js';
import { Mapping } from '../map/mapping.js';
import type { Line, LineSource, Position } from '../read/line.js';
import { ImportRun } from './import-run.js';

let api: FakeApi;

beforeEach(async () => {
  api = await startFakeApi();
});

afterEach(async () => {
  await api.close();
});

/** A file that never ends, and how many of its lines were read. */
function endless(lineBytes: number): LineSource & { read: number } {
  const start: Position = { offset: 0, lines: 0, rows: 0 };
  return {
    names: [],
    hasColumns: false,
    start,
    read: 0,
    async *lines(from) {
      for (let at = from; ; ) {
        const end = { offset: at.offset + lineBytes, lines: at.lines + 1, rows: at.rows + 1 };
        const record = { contact_uid: end.lines, event_uid: 'x' };
        const line: Line = { start: at, end, content: { type: 'record', record, json: '' } };
        this.read++;
        yield line;
        at = end;
      }
    },
  };
}

/** Books that remember how much was delivered when they were last written. */
function keepBooks(account: Account): Books & { noted: number } {
  const books = {
    noted: 0,
    reject() {},
    write() {
      this.noted = account.counts.delivered;
    },
    close() {},
  };
  return books as unknown as Books & { noted: number };
}

function start(source: LineSource, account: Account): ImportRun {
  const { url: apiUrl, token: apiToken } = api;
  const mapping = new Mapping({});
  return new ImportRun({ source, mapping, account, apiUrl, apiToken, batch: true, say() {} });
}

it('writes down what was answered before anything else is sent', async () => {
  const source = endless(100);
  const account = Account.begin(source.start);
  const books = keepBooks(account);
  const run = start(source, account);
  const unnoted: number[] = [];
  // Told in the turn in which the answer came; the next request begins right after it.
  const look = (): void => {
    unnoted.push(account.counts.delivered - books.noted);
    if (account.counts.delivered > 5000) run.interrupt('SIGINT');
  };
  subscribe('successeve:request', look);
  try {
    expect(await run.run(books)).toBe('SIGINT');
  } finally {
    unsubscribe('successeve:request', look);
  }
  expect(unnoted.length).toBeGreaterThan(50);
  expect(new Set(unnoted)).toEqual(new Set([0]));
});

it.each([
  ['lines', 100, 3200],
  ['bytes', 64 * 1024, 256],
])(
  'no more %s are held in memory than could be under way, however long the file',
  async (_, lineBytes, most) => {
    let answers = 0;
    api.reply(() => (answers++ < 40 ? undefined : 'hang'));
    const source = endless(lineBytes);
    const account = Account.begin(source.start);
    const run = start(source, account);
    const ended = run.run(keepBooks(account));
    await vi.waitFor(
      () => {
        expect(answers).toBeGreaterThan(40);
        expect(account.counts.delivered + most).toBe(source.read);
      },
      { timeout: 20_000 },
    );
    // What is read in one go is read between two timers.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(source.read).toBe(account.counts.delivered + most);
    expect(account.open.lines).toBe(most);
    // So is what has to be written down: answers overtake each other, but not by far.
    expect(account.state.settled.length).toBeLessThanOrEqual(17);
    run.interrupt(new Error('enough'));
    // Whoever waits for what hangs, waits for five seconds.
    await api.close();
    expect(await ended).toEqual(new Error('enough'));
  },
);
