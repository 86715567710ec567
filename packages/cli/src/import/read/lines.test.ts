import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { newFile } from '../test-import.js';
import { DataFile } from './data-file.js';
import { type Content, type Line, type LineSource, maxLineBytes, numberOf } from './line.js';
import { openLines } from './open-lines.js';

const files: DataFile[] = [];

afterEach(async () => {
  for (const file of files.splice(0)) await file.close();
});

async function open(name: string, content: string | Buffer): Promise<LineSource> {
  const file = await DataFile.open(newFile(name, content));
  files.push(file);
  return openLines(file);
}

async function readAll(source: LineSource, from = source.start): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of source.lines(from)) lines.push(line);
  return lines;
}

/** What stands in each line: its fields, what is wrong with it, or nothing. */
async function contents(name: string, content: string | Buffer): Promise<unknown[]> {
  return (await readAll(await open(name, content))).map((line) => short(line.content));
}

function short(content: Content): unknown {
  if (content.type === 'record') return content.record;
  return content.type === 'unreadable' ? content.problem : null;
}

describe('a file of NDJSON', () => {
  it('is read with any line ends, and with or without one at its end', async () => {
    expect(await contents('a.ndjson', '\ufeff{"a":1}\r\n\r\n  \n {"a":"\\u2028"} \n{"a":3}')).toEqual([
      { a: 1 },
      null,
      null,
      { a: '\u2028' },
      { a: 3 },
    ]);
    expect(await contents('a.ndjson', '{"a":1}\n')).toEqual([{ a: 1 }]);
    expect(await contents('a.ndjson', '')).toEqual([]);
  });

  it('reports what is wrong with a line, and never its content', async () => {
    const lines = ['{}', '{"secret', '"secret"', '[]', 'null', '17', '{"a":1} {"a":2}'].join('\n');
    expect(
      await contents('a.ndjson', Buffer.concat([Buffer.from(`${lines}\n`), Buffer.from([0x22, 0xe9, 0x22])])),
    ).toEqual([
      {},
      expect.stringMatching(/^expected a JSON object, got invalid JSON/),
      'expected a JSON object, got a string',
      'expected a JSON object, got an array',
      'expected a JSON object, got null',
      'expected a JSON object, got a number',
      'expected a JSON object, got invalid JSON at character 9',
      'not valid UTF-8',
    ]);
  });

  it('passes over a line that is too long, and keeps only its beginning', async () => {
    const long = `{"a":"${'x'.repeat(2 * maxLineBytes)}"}`;
    const lines = await readAll(await open('a.ndjson', `{"a":1}\n${long}\n{"a":2}\n${long}`));
    expect(lines.map(({ content }) => short(content))).toEqual([
      { a: 1 },
      'expected a line of at most 1048576 bytes, got a longer one',
      { a: 2 },
      'expected a line of at most 1048576 bytes, got a longer one',
    ]);
    expect(lines[1]?.content).toMatchObject({ text: long.slice(0, 1000) });
    expect(lines.at(-1)?.end.offset).toBe(2 * long.length + 17);
  });

  it('is taken up at any line', async () => {
    const text = Array.from({ length: 4000 }, (_, i) => (i % 7 ? `{"a":"${'é'.repeat(i % 190)}"}` : '')).join(
      '\r\n',
    );
    await expectSameFromAnyLine(await open('a.ndjson', text));
  });
});

describe('a file of CSV', () => {
  it('is read with quotes, newlines in them, empty cells, white space, and any end of line', async () => {
    const text = [
      '\ufeff a , "b c",d\r\n',
      '1,"x, ""y""\r\nz",\r\n',
      '\r\n',
      ' 2 , " kept " ,5" pipe\n',
      '"3",é,""\n',
      ',,\n',
      '4,5,6',
    ].join('');
    expect(await contents('a.csv', text)).toEqual([
      { a: '1', 'b c': 'x, "y"\r\nz' },
      null,
      { a: '2', 'b c': ' kept ', d: '5" pipe' },
      { a: '3', 'b c': 'é' },
      {},
      { a: '4', 'b c': '5', d: '6' },
    ]);
  });

  it.each([
    [';', 'a;"b,c,d,e";f'],
    ['\t', 'a\tb,c\tf'],
  ])('may have %j between its cells', async (delimiter, header) => {
    const source = await open('a.csv', `${header}\n1${delimiter}2,5${delimiter}3\n`);
    expect(source.names).toHaveLength(3);
    const [first] = (await readAll(source)).map(({ content }) => short(content));
    expect(Object.values(first as object)).toEqual(['1', '2,5', '3']);
  });

  it('may begin with the separator, as Excel has it', async () => {
    const source = await open('a.csv', '\ufeffsep=;\r\na,b;c\r\n1;2\r\n');
    expect(source.names).toEqual(['a,b', 'c']);
    const lines = await readAll(source);
    expect(lines.map((line) => [line.start.rows + 1, short(line.content)])).toEqual([
      [3, { 'a,b': '1', c: '2' }],
    ]);
  });

  it('names rows as an editor does, and lines without the header', async () => {
    const lines = await readAll(await open('a.csv', '\na,b\n1,"x\r\ny\n"\n2,3\n'));
    expect(
      lines.map((line) => [numberOf(line), line.start.rows + 1, (line.content as { json: string }).json]),
    ).toEqual([
      [1, 3, '{"a":"1","b":"x\\r\\ny\\n"}'],
      [2, 6, '{"a":"2","b":"3"}'],
    ]);
  });

  it('continues with the next row after one that is not CSV', async () => {
    const text = [
      'a,b',
      '1,"two" words',
      '2,ok',
      '3,"never closed',
      '4,ok',
      '5,"closed"',
      '6,1,2',
      '7',
      '8,\u00ff',
      '9,"open to the end',
      '10,ok',
    ].join('\n');
    const broken = 'expected CSV, got an unclosed quote or too long a record';
    expect(await contents('a.csv', Buffer.from(text, 'utf8'))).toEqual([
      broken,
      { a: '2', b: 'ok' },
      broken,
      { a: '4', b: 'ok' },
      { a: '5', b: 'closed' },
      'expected 2 cells, as the header has, got 3',
      'expected 2 cells, as the header has, got 1',
      { a: '8', b: 'ÿ' },
      broken,
      { a: '10', b: 'ok' },
    ]);
    expect(await contents('a.csv', Buffer.from('a,b\n1,\u00ff\n2,3', 'latin1'))).toEqual([
      'not valid UTF-8',
      { a: '2', b: '3' },
    ]);
  });

  it('gives up no more than a row for a quote that is never closed, however long the file is', async () => {
    const rows = Array.from({ length: 12_000 }, (_, i) => `${i},${'x'.repeat(100)}\n`).join('');
    const text = `a,b\n1,"open\n${rows}2,"open\n${'3,x\n'.repeat(10)}`;
    const lines = await readAll(await open('a.csv', text));
    const unreadable = lines
      .filter(({ content }) => content.type === 'unreadable')
      .map((line) => numberOf(line));
    expect(unreadable).toEqual([1, 12_002]);
    expect(lines).toHaveLength(12_012);
  });

  it('passes over a row that is too long', async () => {
    const long = 'x'.repeat(2 * maxLineBytes);
    const lines = await readAll(await open('a.csv', `a,b\n1,2\n${long},1\n3,4\n${long}`));
    expect(lines.map(({ content }) => content.type)).toEqual([
      'record',
      'unreadable',
      'record',
      'unreadable',
    ]);
    expect(lines[1]?.content).toMatchObject({ text: long.slice(0, 1000) });
  });

  it('may have columns without a name, as long as they are empty', async () => {
    const source = await open('a.csv', 'a,b,\n1,2,\n3,4,5\n');
    expect(source.names).toEqual(['a', 'b']);
    expect((await readAll(source)).map(({ content }) => short(content))).toEqual([
      { a: '1', b: '2' },
      'expected nothing in column 3, which has no name, got a value',
    ]);
  });

  it('is taken up at any line', async () => {
    const rows = Array.from({ length: 4000 }, (_, i) => {
      if (i % 11 === 3) return '';
      if (i % 501 === 7) return `${i},"bad" quote`;
      return `${i},"${'é\n'.repeat(i % 5)}${'""x'.repeat(i % 60)}"`;
    });
    await expectSameFromAnyLine(await open('a.csv', `a,b\r\n${rows.join('\r\n')}`));
  });
});

async function expectSameFromAnyLine(source: LineSource): Promise<void> {
  const lines = await readAll(source);
  expect(lines.every((line, index) => numberOf(line) === index + 1)).toBe(true);
  for (const at of [1, 777, lines.length - 1]) {
    const rest = await readAll(source, lines[at]?.start);
    expect(isDeepStrictEqual(rest, lines.slice(at))).toBe(true);
  }
  expect(await readAll(source, lines.at(-1)?.end)).toEqual([]);
}
