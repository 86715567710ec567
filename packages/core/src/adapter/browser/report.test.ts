import type { Report as BrowserReport } from '@successeve/browser/server';
import { describe, expect, it } from 'vitest';
import { readReport } from './report.js';

/** A text as a browser sends it. */
function read(report: unknown): unknown {
  return readReport(JSON.stringify(report));
}

describe('a report of a page', () => {
  it('names a path, a query and the fragment of a hash router', () => {
    expect(read({ page: '/inbox?a=1#/mail', age: 12.4 })).toEqual({
      kind: 'page',
      page: '/inbox?a=1#/mail',
      ageMs: 12,
      first: undefined,
    });
  });

  it.each([
    [-5, 0],
    [60_000, 60_000],
    [3_600_000, 60_000],
  ])('is of the age %d ms, as far as that is believed', (age, ageMs) => {
    expect(read({ page: '/', age })).toMatchObject({ ageMs });
  });

  it('says of the first page of a document what came with it', () => {
    const report: BrowserReport = {
      page: '/?a=2',
      age: 0,
      first: { document: '/?a=1', mark: '1764342000000', since: 1234.5, unasked: true },
    };

    expect(read(report)).toMatchObject({
      first: { document: '/?a=1', mark: 1764342000000, sinceMs: 1235, isUnasked: true },
    });
  });

  it.each([undefined, '', 'now', '-1', '1e3', 7])('has no mark where it is %j', (mark) => {
    expect(read({ page: '/', age: 0, first: { document: '/', mark, since: 1 } })).toMatchObject({
      first: { mark: undefined, isUnasked: false },
    });
  });

  it('may be parsed already by the application', () => {
    expect(readReport({ page: '/', age: 0 })).toMatchObject({ page: '/' });
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    'inbox',
    '',
    '/in\nbox',
    '/in\u0000box',
    `/${'a'.repeat(2048)}`,
  ])('is foreign where it names %j', (page) => {
    expect(read({ page, age: 0 })).toBe('foreign_url');
    expect(read({ page: '/', age: 0, first: { document: page, since: 1 } })).toBe('foreign_url');
  });

  it('may name 2 048 characters', () => {
    expect(read({ page: `/${'a'.repeat(2047)}`, age: 0 })).toMatchObject({ kind: 'page' });
  });
});

describe('a report of an event', () => {
  it('names it and has its params', () => {
    const report: BrowserReport = { event: 'filter_saved', params: { name: 'Mine' }, age: 3 };

    expect(read(report)).toEqual({
      kind: 'event',
      eventUid: 'filter_saved',
      params: { name: 'Mine' },
      ageMs: 3,
    });
    expect(read({ event: 'filter_saved', age: 3 })).toMatchObject({ params: undefined });
  });

  it.each([[[]], ['text'], [null], [7]])('is invalid with the params %j', (params) => {
    expect(read({ event: 'filter_saved', params, age: 3 })).toBe('invalid_report');
  });
});

it.each([
  '',
  'null',
  '7',
  '"/inbox"',
  '[]',
  '{',
  '{}',
  '{"page":"/"}',
  '{"page":7,"age":1}',
  '{"page":"/","age":"1"}',
  '{"page":"/","age":null}',
  '{"event":7,"age":1}',
  '{"page":"/","age":1,"first":7}',
  '{"page":"/","age":1,"first":{}}',
  '{"page":"/","age":1,"first":{"document":"/"}}',
])('%j is not a report', (body) => {
  expect(readReport(body)).toBe('invalid_report');
});

it.each([undefined, null, 7, [], Buffer.from('{}')])('nor is %j, which a parser made of a body', (body) => {
  expect(readReport(body)).toBe('invalid_report');
});
