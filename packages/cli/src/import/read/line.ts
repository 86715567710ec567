/** A position between two lines of the file. */
export interface Position {
  /** In bytes. */
  readonly offset: number;
  /** The number of lines before it. In a CSV each record is a line, without the header. */
  readonly lines: number;
  /** The number of rows before it, as an editor counts them. */
  readonly rows: number;
}

/** The content of a line: blank, unreadable, or a record. */
export type Content =
  | { readonly type: 'blank' }
  | { readonly type: 'unreadable'; readonly problem: string; readonly text: string }
  | { readonly type: 'record'; readonly record: JsonRecord; readonly json: string };

export type JsonRecord = Readonly<Record<string, unknown>>;

/** @param text - the text of the line; only its start is kept */
export function unreadable(problem: string, text: string): Content {
  return { type: 'unreadable', problem, text: text.slice(0, maxKeptBytes) };
}

/** One line of the file, which becomes one event. */
export interface Line {
  readonly start: Position;
  readonly end: Position;
  readonly content: Content;
}

/** A line that is not a valid event; the message has what was expected and what came. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
}

/** The number of a line, from 1. */
export function numberOf(line: Line): number {
  return line.end.lines;
}

/** The longest line that is read. Our choice: an event has at most 32 KiB, and fields that are not sent take some too. */
export const maxLineBytes: number = 1024 * 1024;

/** How much is kept of a line that is too long or unreadable. */
export const maxKeptBytes: number = 1000;

/** The lines of a file, independent of its format. */
export interface LineSource {
  /** The names of the fields: a CSV's columns, or those that the first object in the file has. */
  readonly names: readonly string[];
  /** Whether every line has these fields and no others. */
  readonly hasColumns: boolean;
  /** The start of the first line. */
  readonly start: Position;
  lines(from: Position): AsyncIterable<Line>;
}
