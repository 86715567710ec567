import type { DatabaseSync } from 'node:sqlite';
import { counted, duration, type Output, printable, size, table } from '@successeve/command-line';
import { eventKinds } from '@successeve/core/queue';
import { laneOf } from '../file/schema.js';

type Status = ReturnType<typeof readStatus>;

export async function showStatus(
  db: DatabaseSync,
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
    return {
      waiting: { events: total('events'), pageviews: total('pageviews'), bytes: total('bytes') },
      oldest: earliest(processes.map(({ oldest }) => oldest)),
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

function readShares(db: DatabaseSync, now: number) {
  // The first of a lane is its oldest: there is no need to read a million rows.
  const first = db.prepare(
    'SELECT occurred_at AS at FROM events WHERE share = ? AND lane = ? ORDER BY id LIMIT 1',
  );
  const shares = db
    .prepare(
      'SELECT id, pid, leased_until > ? AS isHeld, events, pageviews, bytes FROM shares WHERE events > 0 ORDER BY id',
    )
    .all(now);
  return shares.map(({ id, pid, isHeld, events, pageviews, bytes }) => {
    const firsts = eventKinds.map((kind) => first.get(id as number, laneOf[kind])?.at);
    return {
      pid: pid as number | null,
      /** Whether it belongs to a running process. */
      isHeld: isHeld === 1,
      events: Number(events) - Number(pageviews),
      pageviews: Number(pageviews),
      bytes: Number(bytes),
      oldest: earliest(firsts.map((at) => (at === undefined ? null : new Date(Number(at))))),
    };
  });
}

function earliest(times: readonly (Date | null)[]): Date | null {
  const [first = null] = times.filter((time) => time !== null).sort((a, b) => Number(a) - Number(b));
  return first;
}

function readRejected(db: DatabaseSync, limit: number) {
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
