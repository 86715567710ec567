import { expect, it } from 'vitest';
import { requestHead } from '../../../test/request-head.js';
import { corsHeaders, preflightAnswer } from './cors.js';

const origin = 'https://app.example.com';
const origins = new Set([origin]);
const allowed = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' };

it('lets a listed origin read the answer, with its cookies', () => {
  expect(corsHeaders(requestHead({ origin }), origins)).toEqual({ ...allowed, vary: 'Origin' });
  expect(corsHeaders(requestHead({ origin: 'https://evil.example' }), origins)).toEqual({ vary: 'Origin' });
  expect(corsHeaders(requestHead({}), origins)).toEqual({ vary: 'Origin' });
  expect(corsHeaders(requestHead({ origin }), new Set())).toEqual({});
});

it('allows a listed origin to send headers of its own', () => {
  const asking = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };

  expect(preflightAnswer(requestHead(asking, 'OPTIONS'), origins)).toEqual({
    status: 204,
    headers: {
      ...allowed,
      vary: 'Origin, Access-Control-Request-Headers',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization',
      'access-control-max-age': '7200',
    },
  });
  expect(
    preflightAnswer(requestHead({ ...asking, origin: 'https://evil.example' }, 'OPTIONS'), origins),
  ).toBeUndefined();
  expect(preflightAnswer(requestHead({ origin }, 'OPTIONS'), origins)).toBeUndefined();
  expect(preflightAnswer(requestHead(asking, 'POST'), origins)).toBeUndefined();
});
