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
import { throttle } from '../../throttle.js';
import type { LedgerState } from './line-ledger.js';

/** The file, the API and the mapping of an import: another of any of them is another import. */
export interface Identity {
  readonly version: 1;
  readonly file: { readonly size: number; readonly sha256: string };
  readonly apiUrl: string;
  /** The options of the mapping. */
  readonly fields: object;
}

export interface JournalState extends LedgerState {
  /** The length of the file of rejected lines. */
  readonly rejectedBytes: number;
  readonly finishedAt: string | null;
}

export interface JournalContent {
  readonly identity: Identity;
  readonly state: JournalState;
}

/** The size at which the journal is rewritten with its last state alone. */
const maxBytes = 1024 * 1024;

/** Events that were delivered in this time are sent again after a power failure. */
const syncEveryMs = 1000;

/**
 * Keeps the progress of an import next to its file. The first line identifies the import; each further line is a
 * state, and the last one counts. A state is written before the next request, so that it survives the process, and
 * synced to the disk within a second, or as soon as a slow disk has done the sync before.
 */
export class Journal {
  readonly #path: string;
  readonly #identity: Identity;
  #fd: number;
  #bytes = 0;
  #isSyncing = false;
  readonly #syncSoon = throttle(() => this.#sync(), syncEveryMs);

  /** Replaces the journal by a new one with this state. */
  constructor(path: string, identity: Identity, state: JournalState) {
    this.#path = path;
    this.#identity = identity;
    this.#fd = this.#rewrite(state);
  }

  /** @throws the system's error, such as a full disk */
  write(state: JournalState): void {
    if (this.#bytes > maxBytes) {
      closeSync(this.#fd);
      this.#fd = this.#rewrite(state);
      return;
    }
    this.#bytes += writeSync(this.#fd, `\n${JSON.stringify(state)}`);
    this.#syncSoon();
  }

  close(): void {
    this.#syncSoon.cancel();
    fdatasyncSync(this.#fd);
    closeSync(this.#fd);
  }

  /** One at a time: on a disk that hangs, more of them would hold up all that reads files. */
  #sync(): void {
    if (this.#isSyncing) return this.#syncSoon();
    this.#isSyncing = true;
    // A failing disk shows with the next write.
    fdatasync(this.#fd, () => {
      this.#isSyncing = false;
    });
  }

  /** A crash leaves either the old journal or the new one, complete. */
  #rewrite(state: JournalState): number {
    const next = `${this.#path}.next`;
    const content = `${JSON.stringify(this.#identity)}\n${JSON.stringify(state)}`;
    writeFileSync(next, content, { mode: 0o600, flush: true });
    renameSync(next, this.#path);
    this.#bytes = content.length;
    return openSync(this.#path, 'a');
  }
}

/**
 * @returns undefined where there is no journal: no import was started.
 * @throws CommandError where the file is not a journal
 */
export function readJournal(path: string): JournalContent | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // A crash or a full disk may have cut off a line.
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

/** Returns how an earlier import differs from this one; undefined where it is the same. */
export function differenceOf(earlier: Identity, { file, apiUrl, fields }: Identity): string | undefined {
  if (!isDeepStrictEqual(earlier.file, file)) return 'the file has changed since';
  if (earlier.apiUrl !== apiUrl) return `it went to ${earlier.apiUrl}, not to ${apiUrl}`;
  if (isDeepStrictEqual(earlier.fields, fields)) return undefined;
  return '--map, --set, --parse-json or --rest were different';
}
