import { CommandError, type ExitCode } from '@successeve/command-line';
import { type ApiOptions, readToken } from '../api-options.js';
import type { Identity } from './keep/journal.js';
import { lock } from './keep/lock.js';
import { Mapping, type MappingOptions } from './map/mapping.js';
import { DataFile } from './read/data-file.js';
import type { LineSource } from './read/line.js';
import { openLines } from './read/open-lines.js';
import { importFile } from './send/import-file.js';
import { dryRun } from './show/dry-run.js';

export interface ImportCommandOptions extends MappingOptions, ApiOptions {
  readonly batch?: true;
  readonly dryRun?: true;
  readonly again?: true;
}

export async function runImport(path: string, options: ImportCommandOptions): Promise<ExitCode> {
  try {
    return await run(path, options);
  } catch (error) {
    // Errors of the file system are for the user; any other error is a bug of ours.
    if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') throw error;
    throw new CommandError(inPlainWords(error as NodeJS.ErrnoException));
  }
}

async function run(path: string, options: ImportCommandOptions): Promise<ExitCode> {
  const mapping = new Mapping(options);
  const file = await DataFile.open(path);
  try {
    const source = await openLines(file);
    await mapping.check(path, source);
    return await (options.dryRun ? dryRun(source, mapping) : send(file, source, mapping, options));
  } finally {
    await file.close();
  }
}

async function send(
  file: DataFile,
  source: LineSource,
  mapping: Mapping,
  options: ImportCommandOptions,
): Promise<ExitCode> {
  const { batch = false, again = false } = options;
  const apiToken = await readToken(options);
  const identity = identityOf(file, options);
  const unlock = lock(file.lockPath);
  process.on('exit', unlock);
  try {
    return await importFile({ file, source, mapping, identity, apiToken, batch, again });
  } finally {
    unlock();
    process.off('exit', unlock);
  }
}

function identityOf({ size, sha256 }: DataFile, options: ImportCommandOptions): Identity {
  const { map = [], set = [], parseJson = [], rest = 'reject' } = options;
  const apiUrl = options.apiUrl ?? (process.env.SUCCESSEVE_API_URL || 'https://api.successeve.com');
  return {
    version: 1,
    file: { size, sha256 },
    apiUrl: withoutSlash(apiUrl),
    // Their order has no meaning.
    fields: { map: [...map].sort(), set: [...set].sort(), parseJson: [...parseJson].sort(), rest },
  };
}

/** Normalises the URL of the API; the tracker rejects an invalid one. */
function withoutSlash(url: string): string {
  return (URL.canParse(url) ? new URL(url).href : url).replace(/\/+$/, '');
}

function inPlainWords({ code, path, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `${path}: file not found`;
  if (code === 'EACCES') return `${path}: you have no permission to read or write it`;
  return message;
}
