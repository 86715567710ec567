import { finished } from 'node:stream/promises';
import { type Options, parse } from 'csv-parse';
import { maxLineBytes } from './line.js';

/** A record, and where it ends: so many bytes after the first. */
export interface ParsedRecord {
  readonly cells: readonly string[];
  readonly end: number;
}

const options: Options = {
  record_delimiter: ['\r\n', '\n'],
  trim: true,
  // `5" pipe` is a text with a quote in it.
  relax_quotes: true,
  // How many cells there must be is for whoever knows the header.
  relax_column_count: true,
  max_record_size: maxLineBytes,
};

/**
 * Parses as far as it is CSV, and yields what each piece completes.
 *
 * @returns whether something that is no CSV came before the end.
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
  // A quote that is open to the end is told in the same way.
  await finished(parser).catch(() => {});
  yield take();
  return hasFailed;
}
