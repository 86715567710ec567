/** A place between two lines of the file. */
export interface Position {
  /** In bytes. */
  readonly offset: number;
  /** How many lines come before it. In a CSV a line is a record, and the header is none. */
  readonly lines: number;
  /** How many rows come before it, as an editor counts them. */
  readonly rows: number;
}

/** What stands in a line: nothing, something that cannot be read, or fields. */
export type Content =
  | { readonly type: 'blank' }
  | { readonly type: 'unreadable'; readonly problem: string; readonly text: string }
  | { readonly type: 'record'; readonly record: JsonRecord; readonly json: string };

export type JsonRecord = Readonly<Record<string, unknown>>;

/** @param text - what stands there; only its beginning is kept */
export function unreadable(problem: string, text: string): Content {
  return { type: 'unreadable', problem, text: text.slice(0, maxKeptBytes) };
}

/** One line of the file, which becomes one event. */
export interface Line {
  readonly start: Position;
  readonly end: Position;
  readonly content: Content;
}

/** Its place among the lines, from 1. */
export function numberOf(line: Line): number {
  return line.end.lines;
}

/** Where an editor shows it, from 1. */
export function rowOf(line: Line): number {
  return line.start.rows + 1;
}

/** The longest line that is read. Our choice: an event has at most 32 KiB, and fields that are not sent take some too. */
export const maxLineBytes: number = 1024 * 1024;

/** How much is kept of a line that is too long, or cannot be read. */
export const maxKeptBytes: number = 1000;

/** The file's lines, whatever its format. */
export interface LineSource {
  /** The names of the fields: a CSV's columns, or those that the first object in the file has. */
  readonly names: readonly string[];
  /** Whether every line has these fields and no others. */
  readonly hasColumns: boolean;
  /** Where the first line begins. */
  readonly start: Position;
  /** The lines from a place on. */
  lines(from: Position): AsyncIterable<Line>;
}
