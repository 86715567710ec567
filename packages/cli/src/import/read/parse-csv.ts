import { finished } from 'node:stream/promises';
import { type Options, parse } from 'csv-parse';
import { maxLineBytes } from './line.js';

/** A record, and its end in bytes after the first. */
export interface ParsedRecord {
  readonly cells: readonly string[];
  readonly end: number;
}

const options: Options = {
  record_delimiter: ['\r\n', '\n'],
  trim: true,
  // `5" pipe` is a text with a quote.
  relax_quotes: true,
  // The caller knows the header, and checks the number of cells.
  relax_column_count: true,
  max_record_size: maxLineBytes,
};

/**
 * Parses up to the first error, and yields the records that each chunk completes.
 *
 * @returns whether there was an error before the end.
 */
export async function* parseCsv(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
  isAtStart: boolean,
): AsyncGenerator<readonly ParsedRecord[], boolean> {
  let records: ParsedRecord[] = [];
  let hasFailed = false;
  const parser = parse({
    ...options,
    delimiter,
    bom: isAtStart,
    on_record: (cells: string[], { bytes }) => {
      records.push({ cells, end: bytes });
      return null;
    },
  });
  parser.on('error', () => {
    hasFailed = true;
  });
  parser.resume();
  const take = (): readonly ParsedRecord[] => {
    const taken = records;
    records = [];
    return taken;
  };
  for await (const chunk of chunks) {
    await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
    yield take();
    if (hasFailed) return true;
  }
  parser.end();
  // A quote that is open at the end is an error too.
  await finished(parser).catch(() => {});
  yield take();
  return hasFailed;
}
