import type { DataFile } from './data-file.js';
import type { LineSource, Position } from './line.js';

/** How much of the file is read before the first estimate. */
const sampleBytes = 64 * 1024;

/** Estimates the number of lines from a position up to which they were counted. */
export type EstimateLines = (readUpTo: Position) => number;

/**
 * Reads the first lines of a file to estimate how many it has. A line of a CSV may have several rows, so that counting
 * line breaks would not do.
 */
export async function sampleLines({ size }: DataFile, source: LineSource): Promise<EstimateLines> {
  const { start } = source;
  let sample = start;
  for await (const { end } of source.lines(start)) {
    sample = end;
    if (end.offset - start.offset >= sampleBytes) break;
  }
  return (readUpTo) => {
    const { offset, lines } = readUpTo.offset > sample.offset ? readUpTo : sample;
    const bytesEach = (offset - start.offset) / Math.max(1, lines);
    return lines + Math.round((size - offset) / Math.max(1, bytesEach));
  };
}
