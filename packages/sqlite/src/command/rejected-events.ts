import { counted, type Output } from '@successeve/command-line';
import type { QueuedEvent } from '@successeve/core/queue';
import { kindOfLane } from '../file/schema.js';
import type { Store } from '../file/store.js';

interface RejectedRow extends QueuedEvent {
  readonly rejectedAt: number;
  readonly status: number | null;
  readonly reason: string;
  readonly answer: string | null;
}

/** The parameter is a JSON array of ids; an empty one selects all. */
const fromSelected = "FROM rejected WHERE ?1 = '[]' OR id IN (SELECT value FROM json_each(?1))";

/**
 * Reads rejected events, oldest first: those with the given ids, or all where `ids` is empty.
 *
 * @throws Error that names an unknown id.
 */
export function readRejected({ db }: Store, ids: readonly number[]): RejectedRow[] {
  const rows = db
    .prepare(
      `SELECT id, lane, occurred_at AS occurredAt, bytes, body, rejected_at AS rejectedAt, status, reason, answer
       ${fromSelected} ORDER BY id`,
    )
    .all(JSON.stringify(ids));
  const unknown = ids.find((id) => !rows.some((row) => row.id === id));
  if (unknown !== undefined) throw new Error(`no rejected event has the id ${unknown}`);
  return rows.map(
    ({ lane, ...row }) => ({ ...row, kind: kindOfLane(Number(lane)) }) as unknown as RejectedRow,
  );
}

export async function purgeRejected(store: Store, output: Output, ids: readonly number[]): Promise<void> {
  const { length } = store.transaction(() => takeRejected(store, ids));
  await output.write(`${counted(length, 'rejected event')} deleted.\n`);
}

/** Lets rejected events wait again, in a free share: a running process adopts it. */
export async function retryRejected(store: Store, output: Output, ids: readonly number[]): Promise<void> {
  const { length } = store.transaction(() => {
    const rows = takeRejected(store, ids);
    if (rows.length === 0) return rows;
    const share = store.addShare();
    for (const row of rows) store.insert(share, row);
    store.releaseAll();
    return rows;
  });
  await output.write(`${counted(length, 'event')} waiting again.\n`);
}

function takeRejected(store: Store, ids: readonly number[]): RejectedRow[] {
  const rows = readRejected(store, ids);
  store.db.prepare(`DELETE ${fromSelected}`).run(JSON.stringify(ids));
  return rows;
}
