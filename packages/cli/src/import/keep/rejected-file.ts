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

/** Why a line will never be delivered. */
export interface Rejection {
  /** `invalid: …` where it is no event, `rejected: …` where the API refused it. */
  readonly reason: string;
  /** The API's answer. */
  readonly status?: number | undefined;
  readonly answer?: string | undefined;
}

export function rejectedBy({ message, status, body }: TrackingError): Rejection {
  return { reason: `rejected: ${message}`, status, answer: body };
}

/** It holds what the file holds, which may be personal. */
const ownerOnly = 0o600;

/**
 * What was rejected, one line of JSON each: the line as it was, with the reason beside its fields, so that it can be
 * mended and imported.
 */
export class RejectedFile {
  readonly path: string;
  readonly #fd: number;
  #bytes: number;
  #unwritten = '';

  private constructor(path: string, fd: number, bytes: number) {
    this.path = path;
    this.#fd = fd;
    this.#bytes = bytes;
  }

  /** @throws CommandError where it is there: it may be another import's */
  static create(path: string): RejectedFile {
    try {
      return new RejectedFile(path, openSync(path, 'wx', ownerOnly), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new CommandError(`${path} already exists, from another import: move it away first`);
    }
  }

  /**
   * Goes on with that of an earlier run.
   *
   * @param bytes - how much of it the journal knows of; what is behind it is cut off, since its lines are read again
   */
  static reopen(path: string, bytes: number): RejectedFile {
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT, ownerOnly);
    // Somebody may have taken away what is in it.
    const kept = Math.min(bytes, fstatSync(fd).size);
    ftruncateSync(fd, kept);
    return new RejectedFile(path, fd, kept);
  }

  add(line: Line, rejection: Rejection): void {
    this.#unwritten += entryOf(line, rejection);
  }

  /**
   * Writes what was added to the disk itself: the journal may rely on it.
   *
   * @returns how long the file is then.
   * @throws what the system says, on a full disk for instance
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

  /** An empty one would only raise questions. */
  close(): void {
    closeSync(this.#fd);
    if (this.#bytes === 0) rmSync(this.path, { force: true });
  }
}

/** An object stays as it was, to the letter; the reason becomes its last member. */
function entryOf({ content, start }: Line, rejection: Rejection): string {
  const why = { line: start.rows + 1, ...rejection };
  if (content.type !== 'record') {
    const text = content.type === 'unreadable' ? content.text : '';
    return `${JSON.stringify({ [rejectionName]: { ...why, text } })}\n`;
  }
  const comma = Object.keys(content.record).length > 0 ? ',' : '';
  return `${content.json.slice(0, -1)}${comma}"${rejectionName}":${JSON.stringify(why)}}\n`;
}
