import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { CommandError, shellWord } from '@successeve/command-line';
import type { Position } from './line.js';

/** How much of the beginning and of the end tells a file from another of the same size. */
const sampleBytes = 64 * 1024;

const chunkBytes = 256 * 1024;

/** The file that is imported, open. */
export class DataFile {
  readonly path: string;
  /** What was there when it was opened; what is written to it later is not read. */
  readonly size: number;
  /** Of its beginning and its end: what a journal knows the file by, beside the size. */
  readonly sha256: string;
  /** Its beginning. */
  readonly head: Buffer;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, size: number, head: Buffer, tail: Buffer) {
    this.path = path;
    this.#handle = handle;
    this.size = size;
    this.head = head;
    this.sha256 = createHash('sha256').update(head).update(tail).digest('hex');
  }

  /** @throws CommandError for what is no file, and what Node says for one that cannot be read */
  static async open(path: string): Promise<DataFile> {
    const handle = await open(path);
    try {
      const status = await handle.stat();
      if (!status.isFile()) {
        throw new CommandError(`${path}: expected a file, since only a file can be resumed later`);
      }
      const head = await readAt(handle, 0, Math.min(sampleBytes, status.size));
      const tailAt = Math.max(0, status.size - sampleBytes);
      const tail = await readAt(handle, tailAt, status.size - tailAt);
      refuseUtf16(path, head);
      return new DataFile(path, handle, status.size, head, tail);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** How many lines there are, as far as one can tell from those that were read, or from the first. */
  linesInAll({ lines, offset }: Position): number {
    if (offset === this.size) return lines;
    if (lines > 0) return Math.round((lines * this.size) / offset);
    // A header is behind the position.
    const sample = this.head.toString('latin1', offset);
    const newlines = sample.trimEnd().split('\n').length;
    return Math.max(1, Math.round((newlines * (this.size - offset)) / Math.max(1, sample.length)));
  }

  /** What is not sent is written here: for `events.csv` it is `events.rejected.ndjson`. */
  get rejectedPath(): string {
    return join(dirname(this.path), `${parse(this.path).name}.rejected.ndjson`);
  }

  get journalPath(): string {
    return `${this.path}.import.journal`;
  }

  get lockPath(): string {
    return `${this.path}.import.lock`;
  }

  /** @throws CommandError where the file has become shorter since it was opened */
  async *chunks(from: number): AsyncGenerator<Buffer> {
    let at = from;
    while (at < this.size) {
      const chunk = await readAt(this.#handle, at, Math.min(chunkBytes, this.size - at));
      at += chunk.length;
      yield chunk;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) throw new CommandError('the file became shorter while it was read');
    filled += bytesRead;
  }
  return buffer;
}

/** Spreadsheets save "Unicode text" so; read as UTF-8, every line would be unreadable without saying why. */
function refuseUtf16(path: string, head: Buffer): void {
  const [encoding] =
    [
      ['UTF-16', 'fffe'],
      ['UTF-16', 'feff'],
      // Without a mark: the first character is of ASCII, in JSON and in a header as anybody writes one.
      ['UTF-16LE', '..00'],
      ['UTF-16BE', '00..'],
    ].find(([, start = '']) => new RegExp(`^${start}`).test(head.toString('hex', 0, 2))) ?? [];
  if (!encoding) return;
  const { dir, name, ext } = parse(path);
  const converted = shellWord(join(dir, `${name}.utf8${ext}`));
  throw new CommandError(
    `${path}: expected UTF-8, got UTF-16. Convert it: iconv -f ${encoding} -t UTF-8 ${shellWord(path)} > ${converted}`,
  );
}
