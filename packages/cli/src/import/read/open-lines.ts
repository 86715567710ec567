import { extname } from 'node:path';
import { UsageError } from '@successeve/command-line';
import { openCsv } from './csv.js';
import type { DataFile } from './data-file.js';
import type { LineSource } from './line.js';
import { openNdjson } from './ndjson.js';

const formats: Readonly<Record<string, (file: DataFile) => Promise<LineSource>>> = {
  '.ndjson': openNdjson,
  '.jsonl': openNdjson,
  '.csv': openCsv,
  '.tsv': openCsv,
};

/** Opens the lines of a file, in the format of its name. */
export function openLines(file: DataFile): Promise<LineSource> {
  const format = formats[extname(file.path).toLowerCase()];
  if (format) return format(file);
  throw new UsageError(`${file.path}: expected a name that ends in ${Object.keys(formats).join(', ')}`);
}
