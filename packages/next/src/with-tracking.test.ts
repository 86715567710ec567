import { expect, it } from 'vitest';
import * as edge from './edge.js';
import { withTracking } from './with-tracking.js';

it.each([
  ['on Node', withTracking],
  ['on the edge', edge.withTracking],
])('says what was expected where there is no handler, %s', (_, wrap) => {
  expect(() => wrap(undefined as never)).toThrow(
    expect.objectContaining({
      code: 'invalid_options',
      message: 'withTracking: expected a route handler, got undefined',
    }),
  );
});
