import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { responseSkip } from './pageview-rules.js';

// What every adapter promises is tested in tests/adapter-contract; its routes do not answer with every status.
it.each([
  [200, undefined],
  [201, undefined],
  [202, undefined],
  [203, undefined],
  [204, 'status'],
  [205, 'status'],
  [206, 'status'],
  [303, 'status'],
  [304, undefined],
  [404, 'status'],
])('a page with the status %i is skipped for the reason %s', (statusCode, reason) => {
  const res = { statusCode, getHeader: () => undefined } as unknown as ServerResponse;

  expect(responseSkip(res, true)).toBe(reason);
});
