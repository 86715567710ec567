import type { DatabaseSync } from 'node:sqlite';
import type { QueuedEvent } from '@successeve/core/queue';
import { kindOfLane } from '../file/schema.js';

export interface RejectedRow extends QueuedEvent {
  readonly rejectedAt: number;
  readonly status: number | null;
  readonly reason: string;
  readonly answer: string | null;
}

/**
 * Reads rejected events, oldest first: those with the given ids, or all where `ids` is empty.
 *
 * @throws Error that names an unknown id.
 */
export function readRejectedRows(db: DatabaseSync, ids: readonly number[]): RejectedRow[] {
  const rows = db
    .prepare(
      `SELECT id, lane, occurred_at AS occurredAt, bytes, body, rejected_at AS rejectedAt, status, reason, answer
       FROM rejected WHERE ?1 = '[]' OR id IN (SELECT value FROM json_each(?1)) ORDER BY id`,
    )
    .all(JSON.stringify(ids));
  const unknown = ids.find((id) => !rows.some((row) => row.id === id));
  if (unknown !== undefined) throw new Error(`no rejected event has the id ${unknown}`);
  return rows.map(
    ({ lane, ...row }) => ({ ...row, kind: kindOfLane(Number(lane)) }) as unknown as RejectedRow,
  );
}
