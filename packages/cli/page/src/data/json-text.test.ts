import { describe, expect, it } from 'vitest';
import { elementOf, setJson } from './json-text.js';

function textOf(json: string): string | undefined {
  return setJson(json)
    ?.map(({ text }) => text)
    .join('');
}

describe('JSON in lines', () => {
  it('is set like JSON.stringify would', () => {
    const value = {
      a: [1, -2.5e-7, { b: null }],
      c: {},
      d: [],
      e: 'x',
      f: true,
      'g "h" \\': '\u2028 {[,:]}',
    };
    expect(textOf(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2).replace('\u2028', '\\u2028'));
  });

  it('keeps what a parser would lose: digits, names that occur twice, escapes', () => {
    const text = '{"id":12345678901234567890.10,"a":1,"a":2,"s":"\\u0041\\/"}';
    expect(textOf(text)?.replace(/\s/g, '')).toBe(text);
  });

  it('distinguishes names, texts, numbers and words', () => {
    const pieces = setJson('{"a":"b","c":1,"d":null}')?.filter(
      ({ type }) => type !== 'mark' && type !== 'space',
    );
    expect(pieces?.map(({ type, text }) => `${type} ${text}`)).toEqual([
      'key "a"',
      'string "b"',
      'key "c"',
      'number 1',
      'key "d"',
      'literal null',
    ]);
  });

  it.each(['', '{', 'no', '{"a":1} {}'])('is not made of a text that is not JSON: %j', (text) => {
    expect(setJson(text)).toBeUndefined();
    expect(elementOf(text, 0)).toBeUndefined();
  });

  it('takes a text of a megabyte', () => {
    const text = JSON.stringify({ a: 'x"'.repeat(300_000) });
    expect(textOf(text)).toHaveLength(text.length + '\n  \n '.length);
  });
});

describe('an element of a batch', () => {
  const batch = '[ {"a":[1,2]} , "x,]" ,\n3, [] ]';

  it.each([
    [0, '{"a":[1,2]}'],
    [1, '"x,]"'],
    [2, '3'],
    [3, '[]'],
    [4, undefined],
  ])('is cut out as it stands: %i', (index, expected) => {
    expect(elementOf(batch, index)).toBe(expected);
  });

  it('is not looked for in an object', () => {
    expect(elementOf('{"a":1}', 0)).toBeUndefined();
  });
});
