import { expect, it, vi } from 'vitest';
import { type BrowserOptions, type BrowserRules, readBrowserOptions } from './options.js';

const port = { call: <Result>(_: string, callback: () => Result): Result => callback(), error: vi.fn() };

function read(value: boolean | BrowserOptions<string>): BrowserRules<string> | undefined {
  return readBrowserOptions(value, port);
}

it.each([undefined, false])('is off where the option is %s', (value) => {
  expect(readBrowserOptions(value, port)).toBeUndefined();
});

it.each([true, {}])('has defaults where the option is %j', (value) => {
  const rules = read(value);

  expect(rules).toMatchObject({ path: '/seen', scriptPath: '/seen.js', countsFrames: false });
  expect([...(rules?.origins ?? [1]), ...(rules?.events ?? [1])]).toEqual([]);
  expect(rules?.documents.matchTarget('/inbox')).toBe(false);
});

it('leaves documents to the browser by prefix, by pattern and by function', () => {
  const rules = read({ documents: ['/app', /^\/shop\?view=spa/, (request) => request === 'framed'] });

  expect(['/app', '/app/inbox?a=1', '/shop?view=spa'].map((it) => rules?.documents.matchTarget(it))).toEqual([
    true,
    true,
    true,
  ]);
  expect(['/', '/shop'].map((it) => rules?.documents.matchTarget(it))).toEqual([false, false]);
  expect(['framed', 'other'].map((it) => rules?.documents.match(it, '/'))).toEqual([true, false]);
});

it('leaves every document to the browser with `documents: true`', () => {
  expect(read({ documents: true })?.documents.matchTarget('/anything?at=all')).toBe(true);
});

it('takes origins in every form that is one', () => {
  expect([
    ...(read({ origins: ['https://APP.example.com/', new URL('http://localhost:5173')] })?.origins ?? []),
  ]).toEqual(['https://app.example.com', 'http://localhost:5173']);
});

it.each<[unknown, string]>([
  ['/seen', 'browser: expected true, false or { path, documents, origins, events, frames }, got a string'],
  [null, 'browser: expected true, false or { path, documents, origins, events, frames }, got null'],
  [['/seen'], 'browser: expected true, false or { path, documents, origins, events, frames }, got an array'],
  [{ document: true }, 'browser: unknown option "document"; known options: path, documents, origins'],
  [
    { path: 'seen' },
    'browser.path: expected a path such as \'/seen\', without a slash at its end, got "seen"',
  ],
  [{ path: '/' }, 'browser.path: expected a path such as'],
  [{ path: '/seen/' }, 'browser.path: expected a path such as'],
  [{ path: '//evil.example' }, 'browser.path: expected a path such as'],
  [{ path: '/seen?x' }, 'browser.path: expected a path such as'],
  [{ path: '/sé' }, 'browser.path: expected a path such as'],
  [{ path: '/:seen' }, 'browser.path: expected a path such as'],
  [{ path: 7 }, "browser.path: expected a path such as '/seen', without a slash at its end, got 7"],
  [{ documents: '/app' }, 'browser.documents: expected true, false or an array, got a string'],
  [{ documents: ['app'] }, 'browser.documents[0]: expected a path that starts with a slash, got "app"'],
  [{ documents: [7] }, 'browser.documents[0]: expected a string, a RegExp or a function, got 7'],
  [{ origins: 'https://app.example.com' }, 'browser.origins: expected an array, got a string'],
  [
    { origins: ['app.example.com'] },
    'browser.origins[0]: expected an origin such as https://app.example.com',
  ],
  [{ origins: ['https://app.example.com/a'] }, 'browser.origins[0]: expected an origin'],
  [{ events: 'saved' }, 'browser.events: expected an array of event names, got a string'],
  [
    { events: ['Filter saved'] },
    'browser.events[0]: expected an event name in snake_case, got "Filter saved"',
  ],
  [{ events: [1] }, 'browser.events[0]: expected an event name in snake_case, got 1'],
  [{ frames: 'yes' }, 'browser.frames: expected true or false, got a string'],
])('throws for %j what was expected', (value, message) => {
  expect(() => read(value as BrowserOptions<string>)).toThrow(
    expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining(message) }),
  );
});
