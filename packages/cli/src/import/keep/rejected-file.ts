import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { CommandError } from '@successeve/command-line';
import type { TrackingError } from '@successeve/core';
import { rejectionName } from '../map/mapping.js';
import type { Line } from '../read/line.js';

export interface Rejection {
  /** `invalid: …` where it is not an event, `rejected: …` where the API rejected it. */
  readonly reason: string;
  /** The response of the API. */
  readonly status?: number | undefined;
  readonly answer?: string | undefined;
}

export function rejectedBy({ message, status, body }: TrackingError): Rejection {
  return { reason: `rejected: ${message}`, status, answer: body };
}

/** The rejected lines may hold personal data. */
const ownerOnly = 0o600;

/**
 * The rejected lines, one JSON object each: the line unchanged, with the reason in an added field, so that it can be
 * corrected and imported.
 */
export class RejectedFile {
  readonly #path: string;
  readonly #fd: number;
  #bytes: number;
  #unwritten = '';

  private constructor(path: string, fd: number, bytes: number) {
    this.#path = path;
    this.#fd = fd;
    this.#bytes = bytes;
  }

  /** @throws CommandError where the file exists: it may be another import's */
  static create(path: string): RejectedFile {
    try {
      return new RejectedFile(path, openSync(path, 'wx', ownerOnly), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new CommandError(`${path} already exists, from another import: move it away first`);
    }
  }

  /**
   * Reopens the file of an earlier run.
   *
   * @param bytes - the length in the journal; the rest is cut off, since those lines are read again
   */
  static reopen(path: string, bytes: number): RejectedFile {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, ownerOnly);
    // Its lines may have been moved away.
    const kept = Math.min(bytes, fstatSync(fd).size);
    ftruncateSync(fd, kept);
    return new RejectedFile(path, fd, kept);
  }

  add(line: Line, rejection: Rejection): void {
    this.#unwritten += entryOf(line, rejection);
  }

  /**
   * Writes the added lines and syncs them: the journal relies on it.
   *
   * @returns the length of the file.
   * @throws the system's error, such as a full disk
   */
  write(): number {
    if (this.#unwritten === '') return this.#bytes;
    const entries = Buffer.from(this.#unwritten);
    let written = 0;
    while (written < entries.length) {
      written += writeSync(this.#fd, entries, written, entries.length - written, this.#bytes + written);
    }
    fdatasyncSync(this.#fd);
    this.#bytes += written;
    this.#unwritten = '';
    return this.#bytes;
  }

  /** Closes the file, and removes it where it is empty. */
  close(): void {
    closeSync(this.#fd);
    if (this.#bytes === 0) rmSync(this.#path, { force: true });
  }
}

/** The object's own text stays unchanged; the reason becomes its last member. */
function entryOf({ content, start }: Line, rejection: Rejection): string {
  const why = { line: start.rows + 1, ...rejection };
  if (content.type !== 'record') {
    const text = content.type === 'unreadable' ? content.text : '';
    return `${JSON.stringify({ [rejectionName]: { ...why, text } })}\n`;
  }
  const comma = Object.keys(content.record).length > 0 ? ',' : '';
  return `${content.json.slice(0, -1)}${comma}"${rejectionName}":${JSON.stringify(why)}}\n`;
}
