import type { DatabaseSync } from 'node:sqlite';
import { kinds, laneOf } from '../schema.js';
import { age, counted, type Output, printable, size, table } from './output.js';

interface ShareStatus {
  readonly pid: number | null;
  /** Whether a running process answers for it. */
  readonly isHeld: boolean;
  readonly events: number;
  readonly pageviews: number;
  readonly bytes: number;
  readonly oldest: number | null;
}

interface RejectedStatus {
  readonly id: number;
  readonly eventUid: string;
  readonly rejectedAt: number;
  readonly status: number | null;
  readonly reason: string;
  readonly answer: string | null;
}

interface Status {
  readonly waiting: { readonly events: number; readonly pageviews: number; readonly bytes: number };
  readonly oldest: number | null;
  readonly processes: readonly ShareStatus[];
  readonly rejected: { readonly count: number; readonly newest: readonly RejectedStatus[] };
}

export async function showStatus(
  db: DatabaseSync,
  output: Output,
  { limit, json }: { limit: number; json: boolean },
): Promise<void> {
  const now = Date.now();
  const status = readStatus(db, limit, now);
  await output.write(json ? `${JSON.stringify(status)}\n` : inWords(status, now));
}

function readStatus(db: DatabaseSync, limit: number, now: number): Status {
  // One look: what moves meanwhile is not counted twice.
  db.exec('BEGIN');
  try {
    const processes = readShares(db, now);
    const sum = (of: (share: ShareStatus) => number): number =>
      processes.reduce((total, share) => total + of(share), 0);
    const ages = processes.flatMap(({ oldest }) => oldest ?? []);
    return {
      waiting: {
        events: sum(({ events }) => events),
        pageviews: sum(({ pageviews }) => pageviews),
        bytes: sum(({ bytes }) => bytes),
      },
      oldest: ages.length > 0 ? Math.min(...ages) : null,
      processes,
      rejected: {
        count: Number(db.prepare('SELECT count(*) AS n FROM rejected').get()?.n),
        newest: readRejected(db, limit),
      },
    };
  } finally {
    db.exec('COMMIT');
  }
}

function readShares(db: DatabaseSync, now: number): ShareStatus[] {
  // The first of a lane is its oldest: nobody has to read a million rows to know it.
  const first = db.prepare(
    'SELECT occurred_at AS at FROM events WHERE share = ? AND lane = ? ORDER BY id LIMIT 1',
  );
  const shares = db
    .prepare(
      'SELECT id, pid, leased_until > ? AS isHeld, events, pageviews, bytes FROM shares WHERE events > 0 ORDER BY id',
    )
    .all(now);
  return shares.map(({ id, pid, isHeld, events, pageviews, bytes }) => {
    const oldest = kinds.flatMap((kind) => first.get(id as number, laneOf[kind])?.at ?? []);
    return {
      pid: pid as number | null,
      isHeld: isHeld === 1,
      events: Number(events) - Number(pageviews),
      pageviews: Number(pageviews),
      bytes: Number(bytes),
      oldest: oldest.length > 0 ? Math.min(...oldest.map(Number)) : null,
    };
  });
}

function readRejected(db: DatabaseSync, limit: number): RejectedStatus[] {
  return db
    .prepare(
      `SELECT id, body ->> 'event_uid' AS eventUid, rejected_at AS rejectedAt, status, reason, answer
       FROM rejected ORDER BY id DESC LIMIT ?`,
    )
    .all(limit) as unknown as RejectedStatus[];
}

function inWords({ waiting, oldest, processes, rejected }: Status, now: number): string {
  const ageOf = (at: number | null): string => (at === null ? '' : age(now - at));
  const since = oldest === null ? '' : `, the oldest for ${ageOf(oldest)}`;
  const lines = [
    `Waiting: ${counted(waiting.events, 'event')} and ${counted(waiting.pageviews, 'pageview')} (${size(waiting.bytes)})${since}\n`,
  ];
  if (processes.length > 0) {
    lines.push(
      table([
        ['sent by', 'events', 'pageviews', 'size', 'oldest'],
        ...processes.map(({ pid, isHeld, events, pageviews, bytes, oldest: at }) => [
          isHeld ? `process ${pid}` : 'the next process',
          events,
          pageviews,
          size(bytes),
          ageOf(at),
        ]),
      ]),
    );
  }
  lines.push(`Rejected: ${counted(rejected.count, 'event')}\n`);
  if (rejected.newest.length > 0) {
    lines.push(
      table([
        ['id', 'event', 'ago', 'why', 'answer'],
        ...rejected.newest.map(({ id, eventUid, rejectedAt, reason, answer }) => [
          String(id),
          printable(eventUid),
          ageOf(rejectedAt),
          printable(reason),
          printable(answer ?? ''),
        ]),
      ]),
    );
    const more = rejected.count - rejected.newest.length;
    if (more > 0) lines.push(`  and ${more} more: --limit shows them\n`);
  }
  return lines.join('');
}
