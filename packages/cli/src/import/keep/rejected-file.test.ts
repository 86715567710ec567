import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { TrackingError } from '@successeve/core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Content, Line } from '../read/line.js';
import { newFile, readNdjson } from '../test-import.js';
import { RejectedFile, rejectedBy } from './rejected-file.js';

let path: string;

beforeEach(() => {
  path = newFile('events.ndjson', '').replace('.ndjson', '.rejected.ndjson');
});

const line = (row: number, content: Content): Line => {
  const position = { offset: 0, lines: row - 1, rows: row - 1 };
  return { start: position, end: { ...position, lines: row }, content };
};

const record = (json: string): Content => ({ type: 'record', record: JSON.parse(json), json });

const reason = 'invalid: a reason';

describe('the file of what was rejected', () => {
  it('holds each line with the reason next to it, for its owner only', () => {
    const file = RejectedFile.create(path);
    file.add(line(1, record('{"a": 12345678901234567890}')), { reason });
    file.add(line(2, record('{}')), { reason });
    file.add(line(3, { type: 'unreadable', problem: 'p', text: '{"a' }), { reason });
    const error = new TrackingError('rejected', 'the API answered 422', { status: 422, body: 'no' });
    file.add(line(4, record('{"rejection":1}')), rejectedBy(error));
    file.write();
    file.close();
    expect(readFileSync(path, 'utf8').split('\n')[0]).toMatch(/^\{"a": 12345678901234567890,"rejection":\{/);
    expect(readNdjson(path).slice(1)).toEqual([
      { rejection: { line: 2, reason } },
      { rejection: { line: 3, reason, text: '{"a' } },
      { rejection: { line: 4, reason: 'rejected: the API answered 422', status: 422, answer: 'no' } },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is cut to the length in the journal when an import resumes', () => {
    const file = RejectedFile.create(path);
    file.add(line(1, record('{}')), { reason });
    const known = file.write();
    file.close();
    appendFileSync(path, `${'{"rejection":{"line":2}}\n'.repeat(10)}{"rejec`);
    const next = RejectedFile.reopen(path, known);
    next.add(line(2, record('{}')), { reason });
    next.write();
    next.close();
    expect(readNdjson(path).map(({ rejection }) => (rejection as { line: number }).line)).toEqual([1, 2]);
  });

  it('continues where its lines were moved away', () => {
    const file = RejectedFile.reopen(path, 1000);
    file.add(line(1, record('{}')), { reason });
    file.write();
    file.close();
    expect(readNdjson(path)).toHaveLength(1);
  });

  it('is not there where nothing was rejected, and is never put in the place of another', () => {
    RejectedFile.create(path).close();
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, '');
    expect(() => RejectedFile.create(path)).toThrow('already exists, from another import');
  });
});
