import { TrackingError } from '@successeve/core';

/** Where a durable queue is, and how large it may grow. */
export interface SqliteQueueOptions {
  /**
   * The file, on a local disk: WAL needs memory that all its processes share. It is created where it is missing, its
   * folder is not. It and the two files beside it, `-wal` and `-shm`, can be read by their owner only.
   */
  path: string;
  /**
   * Most events in the file, those being sent included, whichever process put them there. When it is full, the
   * oldest pageview of this process makes room; when there is none, the new event is refused. Other processes are
   * looked at once a third of `leaseMs`, so that they can exceed it together by what they accept meanwhile.
   * @defaultValue 2 000 000
   */
  maxEvents?: number;
  /**
   * Most bytes of event bodies in the file, in the same way. The file itself takes 40 bytes an event more.
   * @defaultValue 1 GiB
   */
  maxBytes?: number;
  /**
   * How long a process may stand still before the others take it for dead and send its events, in milliseconds from
   * 100 to 300 000. A process that was killed leaves its events waiting for that long.
   * @defaultValue 30 000
   */
  leaseMs?: number;
}

/** @throws TrackingError with the code `invalid_options`, saying what was expected and what came. */
export function resolveOptions(options: SqliteQueueOptions): Required<SqliteQueueOptions> {
  const { path, maxEvents = 2_000_000, maxBytes = 1024 ** 3, leaseMs = 30_000 } = options ?? {};
  if (typeof path !== 'string' || path === '' || path === ':memory:' || path.includes('\0')) {
    throw invalidOption('path', 'the path of a file', path);
  }
  return {
    path,
    maxEvents: integer('maxEvents', maxEvents, 1, Number.MAX_SAFE_INTEGER),
    maxBytes: integer('maxBytes', maxBytes, 1, Number.MAX_SAFE_INTEGER),
    leaseMs: integer('leaseMs', leaseMs, 100, 300_000),
  };
}

function integer(name: string, value: unknown, min: number, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) {
    return value as number;
  }
  const range = max === Number.MAX_SAFE_INTEGER ? 'a positive integer' : `an integer from ${min} to ${max}`;
  throw invalidOption(name, range, value);
}

function invalidOption(name: string, expected: string, value: unknown): TrackingError {
  const got = typeof value === 'number' || typeof value === 'string' ? JSON.stringify(value) : typeof value;
  return new TrackingError('invalid_options', `${name}: expected ${expected}, got ${got}`);
}
