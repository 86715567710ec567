import { invalidOption } from '@successeve/core/queue';

/** The place and the limits of a durable queue. */
export interface SqliteQueueOptions {
  /**
   * The file, on a local disk: WAL needs memory that all its processes share. A missing file is created, a missing
   * folder is not. Only their owner can read the file and its companions, `-wal` and `-shm`.
   */
  path: string;
  /**
   * Most events in the file, those being sent included, of all processes together. When the queue is full, the oldest
   * pageview of this process makes room; when there is none, the new event is dropped as `queue_full`. A process counts
   * the events of the others every third of `leaseMs`, so together they can exceed the limit by the events of that time.
   * @defaultValue 2 000 000
   */
  maxEvents?: number;
  /**
   * Most bytes of event bodies in the file, in the same way. The file itself takes 40 bytes more for each event.
   * @defaultValue 1 GiB
   */
  maxBytes?: number;
  /**
   * How long a process may be frozen before the others consider it dead and send its events, in milliseconds from 100
   * to 300 000. The events of a process that was killed wait for that long.
   * @defaultValue 30 000
   */
  leaseMs?: number;
}

/** @throws TrackingError with the code `invalid_options`, with what was expected and what came. */
export function resolveOptions(options: SqliteQueueOptions): Required<SqliteQueueOptions> {
  const { path, maxEvents = 2_000_000, maxBytes = 1024 ** 3, leaseMs = 30_000 } = options ?? {};
  if (path === ':memory:') throw invalidOption('path', 'the path of a file other than ":memory:"', path);
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
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
