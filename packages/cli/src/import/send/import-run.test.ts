import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type FakeApi, startFakeApi } from '@successeve/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ImportFiles } from '../keep/import-files.js';
import { LineLedger } from '../keep/line-ledger.js';
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

/** ImportFiles that remember how much was delivered when they were last written. */
function keepBooks(ledger: LineLedger): ImportFiles & { noted: number } {
  const files = {
    noted: 0,
    reject() {},
    write() {
      this.noted = ledger.counts.delivered;
    },
    close() {},
  };
  return files as unknown as ImportFiles & { noted: number };
}

function start(source: LineSource, ledger: LineLedger): ImportRun {
  const { url: apiUrl, token: apiToken } = api;
  const mapping = new Mapping({});
  return new ImportRun({ source, mapping, ledger, apiUrl, apiToken, batch: true, say() {} });
}

it('writes down what was answered before anything else is sent', async () => {
  const source = endless(100);
  const ledger = LineLedger.begin(source.start);
  const files = keepBooks(ledger);
  const run = start(source, ledger);
  const unnoted: number[] = [];
  // Told in the turn in which the answer came; the next request begins right after it.
  const look = (): void => {
    unnoted.push(ledger.counts.delivered - files.noted);
    if (ledger.counts.delivered > 5000) run.interrupt('SIGINT');
  };
  subscribe('successeve:request', look);
  try {
    expect(await run.run(files)).toBe('SIGINT');
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
    const ledger = LineLedger.begin(source.start);
    const run = start(source, ledger);
    const ended = run.run(keepBooks(ledger));
    await vi.waitFor(
      () => {
        expect(answers).toBeGreaterThan(40);
        expect(ledger.counts.delivered + most).toBe(source.read);
      },
      { timeout: 20_000 },
    );
    // What is read in one go is read between two timers.
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(source.read).toBe(ledger.counts.delivered + most);
    expect(ledger.open.lines).toBe(most);
    // So is what has to be written down: answers overtake each other, but not by far.
    expect(ledger.state.settled.length).toBeLessThanOrEqual(17);
    run.interrupt(new Error('enough'));
    // Whoever waits for what hangs, waits for five seconds.
    await api.close();
    expect(await ended).toEqual(new Error('enough'));
  },
);
