import { isUtf8 } from 'node:buffer';
import { finished } from 'node:stream/promises';
import { CommandError } from '@successeve/command-line';
import { type Options, parse } from 'csv-parse';
import type { DataFile } from './data-file.js';
import {
  type Content,
  type LineSource,
  maxKeptBytes,
  maxLineBytes,
  type Position,
  unreadable,
} from './line.js';

const newline = 0x0a;

const options: Options = {
  record_delimiter: ['\r\n', '\n'],
  trim: true,
  // `5" pipe` is a text with a quote.
  relax_quotes: true,
  // `findProblem` checks the number of cells.
  relax_column_count: true,
  max_record_size: maxLineBytes,
};

/** Opens a file of values separated by commas, semicolons or tabs, with a header. */
export async function openCsv(file: DataFile): Promise<LineSource> {
  const separator = readSeparator(file.head);
  const delimiter = separator?.delimiter ?? delimiterOf(file.head);
  const origin: Position = { offset: separator?.bytes ?? 0, lines: 0, rows: separator ? 1 : 0 };
  let header: CsvRecord | undefined;
  for await (const record of readRecords(file, delimiter, origin)) {
    if (isBlank(record.cells)) continue;
    header = record;
    break;
  }
  const columns = header?.cells ?? [];
  checkHeader(file, columns);
  return {
    names: columns.filter((name) => name !== ''),
    hasColumns: header !== undefined,
    start: header ? { ...header.end, lines: 0 } : origin,
    async *lines(from) {
      for await (const { start, end, bytes, cells } of readRecords(file, delimiter, from)) {
        yield { start, end, content: read(bytes, cells, columns) };
      }
    },
  };
}

/** Reads the line that Excel may write before the header: `sep=;`. */
function readSeparator(head: Buffer): { readonly delimiter: string; readonly bytes: number } | undefined {
  const [line, delimiter] = /^(?:\ufeff)?sep=([^\r\n])\r?(?:\n|$)/i.exec(head.toString('utf8', 0, 16)) ?? [];
  return line && delimiter ? { delimiter, bytes: Buffer.byteLength(line) } : undefined;
}

/** The most frequent delimiter in the header, outside of quotes. */
function delimiterOf(head: Buffer): string {
  const end = head.indexOf(newline);
  const header = head.toString('utf8', 0, end === -1 ? undefined : end).replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [';', '\t'].reduce((most, other) => (count(other) > count(most) ? other : most), ',');
}

function checkHeader(file: DataFile, columns: readonly string[]): void {
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) < index);
  if (twice !== undefined) {
    throw new CommandError(`${file.path}: expected each column once, got ${JSON.stringify(twice)} twice`);
  }
}

function read(bytes: Buffer, cells: readonly string[] | undefined, columns: readonly string[]): Content {
  if (isBlank(cells)) return { type: 'blank' };
  const problem = findProblem(bytes, cells, columns);
  if (problem) return unreadable(problem, bytes.toString().trimEnd());
  // An empty cell is a missing field.
  const entries = columns.map((name, index) => [name, cells?.[index]]).filter(([, cell]) => cell !== '');
  const record = Object.fromEntries(entries);
  return {
    type: 'record',
    record,
    get json() {
      return JSON.stringify(record);
    },
  };
}

function findProblem(
  bytes: Buffer,
  cells: readonly string[] | undefined,
  columns: readonly string[],
): string | undefined {
  if (!isUtf8(bytes)) return 'not valid UTF-8';
  if (!cells) return 'expected CSV, got an unclosed quote or too long a record';
  if (cells.length !== columns.length) {
    return `expected ${columns.length} cells, as the header has, got ${cells.length}`;
  }
  const unnamed = cells.findIndex((cell, index) => cell !== '' && columns[index] === '');
  return unnamed === -1
    ? undefined
    : `expected nothing in column ${unnamed + 1}, which has no name, got a value`;
}

function isBlank(cells: readonly string[] | undefined): boolean {
  return cells?.length === 1 && cells[0] === '';
}

/** A record and its place in the file; without cells where it is not CSV. */
interface CsvRecord {
  readonly start: Position;
  readonly end: Position;
  readonly bytes: Buffer;
  readonly cells?: readonly string[];
}

/**
 * Reads records, and continues after one that is not CSV. An unclosed quote would take everything up to the next quote
 * into its record: so the row in which such a record begins is given up, and the next row begins a record.
 */
async function* readRecords(file: DataFile, delimiter: string, from: Position): AsyncGenerator<CsvRecord> {
  let failedAt = yield* readWhileCsv(file, delimiter, from);
  while (failedAt) {
    const row = await readRow(file, failedAt);
    yield row;
    failedAt = yield* readWhileCsv(file, delimiter, row.end);
  }
}

/**
 * Reads up to the first record that is not CSV.
 *
 * @returns the start of that record, if there is one
 */
async function* readWhileCsv(
  file: DataFile,
  delimiter: string,
  from: Position,
): AsyncGenerator<CsvRecord, Position | undefined> {
  let start = from;
  // The bytes of records that are not complete yet.
  let held: Buffer = Buffer.alloc(0);
  const complete: CsvRecord[] = [];
  let hasFailed = false;
  const parser = parse({
    ...options,
    delimiter,
    bom: from.offset === 0,
    on_record: (cells: string[], { bytes }) => {
      const length = from.offset + bytes - start.offset;
      const record: CsvRecord = { ...cut(held.subarray(0, length), length, start), cells };
      held = held.subarray(length);
      start = record.end;
      complete.push(record);
      return null;
    },
  });
  parser.on('error', () => {
    hasFailed = true;
  });
  parser.resume();
  for await (const chunk of file.chunks(from.offset)) {
    held = Buffer.concat([held, chunk]);
    await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
    yield* complete.splice(0);
    if (hasFailed) return start;
  }
  parser.end();
  // A quote that is open at the end is an error too.
  await finished(parser).catch(() => {});
  yield* complete;
  return hasFailed ? start : undefined;
}

/** Reads one row, up to its line break. */
async function readRow(file: DataFile, start: Position): Promise<CsvRecord> {
  let kept: Buffer = Buffer.alloc(0);
  let length = 0;
  for await (const chunk of file.chunks(start.offset)) {
    const end = chunk.indexOf(newline) + 1;
    const part = end > 0 ? chunk.subarray(0, end) : chunk;
    if (kept.length < maxKeptBytes) kept = Buffer.concat([kept, part.subarray(0, maxKeptBytes)]);
    length += part.length;
    if (end > 0) break;
  }
  return cut(kept, length, start);
}

function cut(bytes: Buffer, length: number, start: Position): CsvRecord {
  const end = { offset: start.offset + length, lines: start.lines + 1, rows: start.rows + countRows(bytes) };
  return { start, end, bytes };
}

/** The number of rows in an editor; the last row of the file may have no line break. */
function countRows(bytes: Buffer): number {
  let rows = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) rows++;
  return Math.max(1, rows);
}
