import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { newFile } from '../test-import.js';
import { type Identity, Journal, type JournalState, readJournal } from './journal.js';

const identity: Identity = {
  version: 1,
  file: { size: 10, sha256: 'abc' },
  apiUrl: 'https://api.successeve.com',
  fields: {},
};

const state = (delivered: number): JournalState => ({
  position: { offset: delivered * 10, lines: delivered, rows: delivered },
  settled: [[1, delivered]],
  bytes: delivered * 10,
  counts: { delivered, rejected: 0, blank: 0 },
  rejectedBytes: 0,
  finishedAt: null,
});

it('a journal returns the last state that was written, and stays small', () => {
  const path = newFile('journal', 'whatever was there');
  const journal = new Journal(path, identity, state(0));
  let largest = 0;
  for (let delivered = 1; delivered <= 20_000; delivered++) {
    journal.write(state(delivered));
    if (delivered % 500 > 0) continue;
    expect(readJournal(path)).toEqual({ identity, state: state(delivered) });
    largest = Math.max(largest, statSync(path).size);
  }
  journal.close();
  expect(largest).toBeGreaterThan(1_000_000);
  expect(largest).toBeLessThan(1_100_000);
});

it('a journal whose last line was cut off returns the one before, and continues from there', () => {
  const path = newFile('journal', '');
  const journal = new Journal(path, identity, state(1));
  journal.write(state(2));
  appendFileSync(path, '\n{"position":{"offset":1');
  expect(readJournal(path)?.state).toEqual(state(2));
  journal.write(state(3));
  journal.close();
  expect(readJournal(path)?.state).toEqual(state(3));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('no journal is nothing; something else in its place is not taken for one', () => {
  const path = newFile('journal', '');
  expect(readJournal(`${path}.not`)).toBeUndefined();
  for (const content of ['', 'text', '{}', '{}\n{}', '{"version":2}\n{}', JSON.stringify(identity)]) {
    writeFileSync(path, content);
    expect(() => readJournal(path)).toThrow('expected the journal of an import');
    expect(readFileSync(path, 'utf8')).toBe(content);
  }
});
