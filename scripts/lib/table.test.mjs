import { expect, it } from 'vitest';
import { table } from './table.mjs';

const titles = ['who', 'what'];
const rows = [
  ['Ada', 'GET /'],
  ['Grace', 'GET /reports/42'],
];

it('sets rows out under their titles', () => {
  const { heading, lines, line } = table(titles, rows, 80);
  expect([heading, ...lines]).toEqual(['who    what', 'Ada    GET /', 'Grace  GET /reports/42']);
  expect(line(['Bo', '/'])).toBe('Bo     /');
});

it('cuts what the terminal has no room for', () => {
  expect(table(titles, rows, 15).lines).toEqual(['Ada    GET /', 'Grace  GET /re…']);
});

it('gives the terminal no command that came from a request', () => {
  expect(table(['what'], [['\u001b[2J\u009bfoo']], 80).lines).toEqual(['�[2J�foo']);
});
