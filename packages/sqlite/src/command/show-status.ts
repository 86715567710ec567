import type { DatabaseSync } from 'node:sqlite';
import { counted, duration, type Output, printable, size, table } from '@successeve/command-line';
import { laneOf } from '../file/schema.js';
import type { Store } from '../file/store.js';

type Status = ReturnType<typeof readStatus>;

export async function showStatus(
  { db }: Store,
  output: Output,
  { limit, json }: { limit: number; json: boolean },
): Promise<void> {
  const now = Date.now();
  const status = readStatus(db, limit, now);
  await output.write(json ? `${JSON.stringify(status)}\n` : formatStatus(status, now));
}

function readStatus(db: DatabaseSync, limit: number, now: number) {
  // One transaction, so that an event that moves is not counted twice.
  db.exec('BEGIN');
  try {
    const processes = readShares(db, now);
    const total = (name: 'events' | 'pageviews' | 'bytes'): number =>
      processes.reduce((sum, share) => sum + share[name], 0);
    const times = processes.flatMap(({ oldest }) => oldest ?? []);
    const [oldest = null] = times.sort((a, b) => Number(a) - Number(b));
    return {
      waiting: { events: total('events'), pageviews: total('pageviews'), bytes: total('bytes') },
      oldest,
      processes,
      rejected: {
        count: Number(db.prepare('SELECT count(*) AS n FROM rejected').get()?.n),
        newest: readNewestRejected(db, limit),
      },
    };
  } finally {
    db.exec('COMMIT');
  }
}

interface ShareStatus {
  readonly pid: number | null;
  /** Whether it belongs to a running process. */
  readonly isHeld: boolean;
  readonly events: number;
  readonly pageviews: number;
  readonly bytes: number;
  readonly oldest: Date | null;
}

/** The first event of a lane is its oldest, so that the others need not be read. */
const selectShares = `
  SELECT pid, leased_until > ? AS isHeld, events - pageviews AS events, pageviews, bytes, (
    SELECT min((SELECT occurred_at FROM events WHERE share = shares.id AND lane = value ORDER BY id LIMIT 1))
    FROM json_each(?)
  ) AS oldest FROM shares WHERE shares.events > 0 ORDER BY id`;

function readShares(db: DatabaseSync, now: number): ShareStatus[] {
  const rows = db.prepare(selectShares).all(now, JSON.stringify(Object.values(laneOf)));
  return rows.map((row) => ({
    ...(row as unknown as ShareStatus),
    isHeld: row.isHeld === 1,
    oldest: row.oldest === null ? null : new Date(Number(row.oldest)),
  }));
}

function readNewestRejected(db: DatabaseSync, limit: number) {
  return db
    .prepare(
      `SELECT id, ifnull(body ->> 'event_uid', iif(lane = ?, 'contact', 'account')) AS eventUid,
       rejected_at AS rejectedAt, status, reason, answer FROM rejected ORDER BY id DESC LIMIT ?`,
    )
    .all(laneOf.contact, limit)
    .map(({ id, eventUid, rejectedAt, status, reason, answer }) => ({
      id: Number(id),
      eventUid: String(eventUid),
      rejectedAt: new Date(Number(rejectedAt)),
      status: status as number | null,
      reason: String(reason),
      answer: answer as string | null,
    }));
}

function formatStatus({ waiting, oldest, processes, rejected }: Status, now: number): string {
  const ageOf = (at: Date | null): string => (at === null ? '' : duration(now - Number(at)));
  const since = oldest === null ? '' : `, the oldest for ${ageOf(oldest)}`;
  const lines = [
    `Waiting: ${counted(waiting.events, 'event')} and ${counted(waiting.pageviews, 'pageview')} (${size(waiting.bytes)})${since}\n`,
  ];
  if (processes.length > 0) {
    const rows = processes.map(({ pid, isHeld, events, pageviews, bytes, oldest: at }) => [
      isHeld ? `process ${pid}` : 'the next process',
      events,
      pageviews,
      size(bytes),
      ageOf(at),
    ]);
    lines.push(...table([['sent by', 'events', 'pageviews', 'size', 'oldest'], ...rows]));
  }
  lines.push(`Rejected: ${counted(rejected.count, 'event')}\n`);
  if (rejected.newest.length > 0) lines.push(...formatRejected(rejected, ageOf));
  return lines.join('');
}

function formatRejected({ count, newest }: Status['rejected'], ageOf: (at: Date) => string): string[] {
  const rows = newest.map(({ id, eventUid, rejectedAt, reason }) => [
    id,
    printable(eventUid),
    ageOf(rejectedAt),
    printable(reason),
  ]);
  const [head = '', ...lines] = table([['id', 'event', 'ago', 'why'], ...rows]);
  // The API's answer may be long, so it goes below.
  const answers = newest.map(({ answer }) => (answer ? `      ${printable(answer)}\n` : ''));
  const more = count - newest.length;
  return [
    head,
    ...lines.map((line, i) => `${line}${answers[i]}`),
    more > 0 ? `  and ${more} more: --limit shows them\n` : '',
  ];
}
