import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { CommandError } from '@successeve/command-line';
import type { AccountState } from './line-ledger.js';

/** What was imported, where to, and how: another file, another API or other fields are another import. */
export interface Identity {
  readonly version: 1;
  readonly file: { readonly size: number; readonly sha256: string };
  readonly apiUrl: string;
  /** How the fields of the file are read. */
  readonly fields: object;
}

/** How far an import has come. */
export interface JournalState extends AccountState {
  /** How long the file with what was rejected is. */
  readonly rejectedBytes: number;
  readonly finishedAt: string | null;
}

/** What a journal holds. */
export interface JournalContent {
  readonly identity: Identity;
  readonly state: JournalState;
}

/** When the journal is cut to what counts. */
const maxBytes = 1024 * 1024;

/** How much a power failure may cost at most: what was answered in this time is sent again then. */
const syncEveryMs = 1000;

/**
 * Keeps beside the file how far its import has come. The first line says what is imported; every further one says
 * how far, and the last one counts. It is with the system before anything else is done, so that it outlives the
 * process; and on the disk itself a second later.
 */
export class Journal {
  readonly #path: string;
  readonly #identity: Identity;
  #fd: number;
  #bytes = 0;
  #isSyncing = false;
  #syncedAt = 0;

  /** Begins with a new journal in the place of what is there, with the state in which the import is. */
  constructor(path: string, identity: Identity, state: JournalState) {
    this.#path = path;
    this.#identity = identity;
    this.#fd = this.#rewrite(state);
  }

  /** @throws what the system says, on a full disk for instance */
  write(state: JournalState): void {
    if (this.#bytes > maxBytes) {
      closeSync(this.#fd);
      this.#fd = this.#rewrite(state);
      return;
    }
    this.#bytes += writeSync(this.#fd, `\n${JSON.stringify(state)}`);
    this.#syncNowAndThen();
  }

  close(): void {
    fdatasyncSync(this.#fd);
    closeSync(this.#fd);
  }

  /** Whatever happens meanwhile, the old journal is there or the new one, and whole. */
  #rewrite(state: JournalState): number {
    const next = `${this.#path}.next`;
    const content = `${JSON.stringify(this.#identity)}\n${JSON.stringify(state)}`;
    writeFileSync(next, content, { mode: 0o600, flush: true });
    renameSync(next, this.#path);
    this.#bytes = content.length;
    return openSync(this.#path, 'a');
  }

  #syncNowAndThen(): void {
    if (this.#isSyncing || Date.now() - this.#syncedAt < syncEveryMs) return;
    this.#isSyncing = true;
    // What cannot be synced cannot be written either, and that is told.
    fdatasync(this.#fd, () => {
      this.#isSyncing = false;
      this.#syncedAt = Date.now();
    });
  }
}

/**
 * @returns nothing where there is none, and so no import was begun.
 * @throws CommandError where it is something else
 */
export function readJournal(path: string): JournalContent | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // A line may have been cut off, by whatever ended the process or by a full disk.
  const [identity, ...states] = text.split('\n').flatMap((one) => parse(one) ?? []);
  const state = states.at(-1) as JournalState | undefined;
  if (state && (identity as Identity).version === 1) return { identity: identity as Identity, state };
  throw new CommandError(
    `${path}: expected the journal of an import, got something else. Delete it to start the import over`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a journal tells of nothing that could be sent twice, such as that of an import that a wrong URL stopped. */
export function hasSettledNothing({ counts }: JournalState): boolean {
  return counts.delivered === 0 && counts.rejected === 0;
}

/** Whether a journal is of the import that is asked for. */
export function isSameImport({ identity }: JournalContent, asked: Identity): boolean {
  return isDeepStrictEqual(identity, asked);
}

/** @throws CommandError where the journal is of another import than the one that is asked for */
export function checkIdentity(
  path: string,
  { identity, state }: JournalContent,
  { file, apiUrl, fields }: Identity,
): void {
  const isSameFile = identity.file.size === file.size && identity.file.sha256 === file.sha256;
  const difference = !isSameFile
    ? 'the file has changed since'
    : identity.apiUrl !== apiUrl
      ? `it went to ${identity.apiUrl}, not to ${apiUrl}`
      : isDeepStrictEqual(identity.fields, fields)
        ? undefined
        : '--map, --set, --parse-json or --rest were different';
  if (difference === undefined) return;
  const verb = state.finishedAt ? 'was imported before' : 'is partly imported';
  throw new CommandError(
    `${path} ${verb}, but ${difference}. To start over, and so send again what was sent: --again`,
  );
}
