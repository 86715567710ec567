import { expect, it } from 'vitest';
import { prefixOf, withoutPrefix, withPrefix } from './path-prefix.js';

it.each([
  ['', ''],
  ['/', ''],
  ['/app', '/app'],
  ['app/', '/app'],
  ['//evil.example', '/evil.example'],
  ['/outer//inner', '/outer/inner'],
  ['/a?b', undefined],
  ['/a"b', undefined],
])('the prefix of %j is %j', (path, prefix) => {
  expect(prefixOf(path)).toBe(prefix);
});

it.each([
  ['/page', '/app/page'],
  ['/', '/app/'],
  ['/application', '/app/application'],
])('the visitor sees %s as %s, and back', (path, seen) => {
  expect(withPrefix('/app', path)).toBe(seen);
  expect(withoutPrefix('/app', seen)).toBe(path);
});

it.each(['/app', '/app/', '/app/page', '/app?tab=2', '/app#/route'])(
  'nothing is added to %s, which has the prefix',
  (path) => {
    expect(withPrefix('/app', path)).toBe(path);
  },
);

it('a path elsewhere on the site stays as it is', () => {
  expect(withoutPrefix('/app', '/other')).toBe('/other');
  expect(withoutPrefix('/app', '/app?tab=2')).toBe('/?tab=2');
});
