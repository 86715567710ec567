import { isUtf8 } from 'node:buffer';
import { CommandError, shellWord } from '@successeve/command-line';
import { typeOf } from '../show/words.js';
import { type DataFile, howToConvert } from './data-file.js';
import {
  type Content,
  type Line,
  type LineSource,
  maxKeptBytes,
  maxLineBytes,
  type Position,
  unreadable,
} from './line.js';

const newline = 0x0a;

const tooLong = `expected a line of at most ${maxLineBytes} bytes, got a longer one`;

/** Opens a file with one JSON object on each line. */
export async function openNdjson(file: DataFile): Promise<LineSource> {
  const start: Position = { offset: 0, lines: 0, rows: 0 };
  return {
    names: await firstNames(file.path, readLines(file, start)),
    hasColumns: false,
    start,
    lines: (from) => readLines(file, from),
  };
}

/** How many lines are read to find the first object. */
const sampleLines = 100;

/**
 * The fields of the first object.
 *
 * @throws CommandError for JSON of another form: some of its lines may be objects, and events that were sent cannot be
 * taken back.
 */
async function firstNames(path: string, lines: AsyncIterable<Line>): Promise<string[]> {
  let problem: string | undefined;
  for await (const { content, end } of lines) {
    if (content.type === 'record') return Object.keys(content.record);
    if (content.type === 'unreadable') {
      const text = content.text.trimStart();
      if (text.startsWith('[')) throw notNdjson(path, 'a JSON array', '.[]');
      if (text.startsWith('{')) throw notNdjson(path, 'one over several lines', '.');
      problem ??= `line ${end.rows}: ${content.problem}`;
    }
    if (end.lines === sampleLines) break;
  }
  if (problem) {
    throw new CommandError(
      `${path}: expected one JSON object on each line, got none at its beginning; ${problem}`,
    );
  }
  return [];
}

function notNdjson(path: string, got: string, filter: string): CommandError {
  const howTo = howToConvert(path, `jq -c ${shellWord(filter)}`, 'lines');
  return new CommandError(`${path}: expected one JSON object on each line, got ${got}. ${howTo}`);
}

async function* readLines(file: DataFile, from: Position): AsyncGenerator<Line> {
  let start = from;
  // The start of a line whose end was not read yet, and the length of what was discarded since it is too long.
  let held: Buffer = Buffer.alloc(0);
  let lost = 0;
  const take = (rest: Buffer, newlineBytes: number): Line => {
    const bytes = held.length > 0 ? Buffer.concat([held, rest]) : rest;
    const length = bytes.length + lost;
    const text = withoutMarks(bytes.toString(), start.offset === 0);
    const content = length > maxLineBytes ? unreadable(tooLong, text) : read(bytes, text);
    const { offset, lines, rows } = start;
    const end = { offset: offset + length + newlineBytes, lines: lines + 1, rows: rows + 1 };
    const line: Line = { start, end, content };
    start = end;
    held = Buffer.alloc(0);
    lost = 0;
    return line;
  };
  for await (const chunk of file.chunks(from.offset)) {
    let at = 0;
    for (;;) {
      const end = chunk.indexOf(newline, at);
      if (end === -1) break;
      yield take(chunk.subarray(at, end), 1);
      at = end + 1;
    }
    const whole = Buffer.concat([held, chunk.subarray(at)]);
    held = whole.length > maxLineBytes ? Buffer.from(whole.subarray(0, maxKeptBytes)) : whole;
    lost += whole.length - held.length;
  }
  if (held.length > 0) yield take(Buffer.alloc(0), 0);
}

/** Removes the byte order mark at the start of the file, and the carriage return of Windows. */
function withoutMarks(text: string, isFirst: boolean): string {
  return text.slice(isFirst && text.startsWith('\ufeff') ? 1 : 0, text.endsWith('\r') ? -1 : undefined);
}

function read(bytes: Buffer, text: string): Content {
  if (!isUtf8(bytes)) return unreadable('not valid UTF-8', text);
  const json = text.trim();
  if (json === '') return { type: 'blank' };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return unreadable(`expected a JSON object, got ${whatIsWrong(error as SyntaxError)}`, text);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { type: 'record', record: value as Record<string, unknown>, json };
  }
  return unreadable(`expected a JSON object, got ${typeOf(value)}`, text);
}

/** The engine's own message would quote the line, which may be personal. */
function whatIsWrong(error: SyntaxError): string {
  const position = /position (\d+)/.exec(error.message)?.[1];
  return position ? `invalid JSON at character ${Number(position) + 1}` : 'invalid JSON';
}
