import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { CommandError, shellWord } from '@successeve/command-line';

/** How much of the start and the end identifies a file, next to its size. */
const sampleBytes = 64 * 1024;

const chunkBytes = 256 * 1024;

/** The file that is imported, opened. */
export class DataFile {
  readonly path: string;
  /** The size when it was opened; what is appended later is not read. */
  readonly size: number;
  /** The hash of its start and its end, by which a journal identifies the file. */
  readonly sha256: string;
  readonly head: Buffer;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle, size: number, head: Buffer, tail: Buffer) {
    this.path = path;
    this.#handle = handle;
    this.size = size;
    this.head = head;
    this.sha256 = createHash('sha256').update(head).update(tail).digest('hex');
  }

  /** @throws CommandError where the path is not a file, and Node's error where it cannot be read */
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
      rejectUtf16(path, head);
      return new DataFile(path, handle, status.size, head, tail);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The file of rejected lines: `events.rejected.ndjson` for `events.csv`. */
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

/** Spreadsheets save "Unicode text" as UTF-16; read as UTF-8, every line would be unreadable. */
function rejectUtf16(path: string, head: Buffer): void {
  const [encoding] =
    [
      ['UTF-16', 'fffe'],
      ['UTF-16', 'feff'],
      // Without a byte order mark: the first character of JSON or of a header is ASCII.
      ['UTF-16LE', '..00'],
      ['UTF-16BE', '00..'],
    ].find(([, start = '']) => new RegExp(`^${start}`).test(head.toString('hex', 0, 2))) ?? [];
  if (!encoding) return;
  const howTo = howToConvert(path, `iconv -f ${encoding} -t UTF-8`, 'utf8');
  throw new CommandError(`${path}: expected UTF-8, got UTF-16. ${howTo}`);
}

/** `Convert it: jq -c . events.json > events.lines.json`. */
export function howToConvert(path: string, command: string, suffix: string): string {
  const { dir, name, ext } = parse(path);
  const converted = join(dir, `${name}.${suffix}${ext}`);
  return `Convert it: ${command} ${shellWord(path)} > ${shellWord(converted)}`;
}
