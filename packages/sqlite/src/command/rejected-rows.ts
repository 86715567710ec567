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
  const columns = `id, lane, occurred_at AS occurredAt, bytes, body, rejected_at AS rejectedAt, status, reason, answer`;
  const rows =
    ids.length === 0
      ? db.prepare(`SELECT ${columns} FROM rejected ORDER BY id`).all()
      : [...new Set(ids)]
          .sort((a, b) => a - b)
          .map((id) => {
            const row = db.prepare(`SELECT ${columns} FROM rejected WHERE id = ?`).get(id);
            if (!row) throw new Error(`no rejected event has the id ${id}`);
            return row;
          });
  return rows.map(
    ({ lane, ...row }) => ({ ...row, kind: kindOfLane(Number(lane)) }) as unknown as RejectedRow,
  );
}
