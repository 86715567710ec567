import { scale } from '@successeve/test-scale';
import { describe, it } from 'vitest';
import { checkAgainstModel } from '../../core/test/queue-model.js';
import { newPath, withFile } from '../test/queue-file.js';
import { sqliteQueue } from './index.js';

describe('the SQLite queue does what its model does, for any interleaving of calls, restarts and crashes,', () => {
  it.each([
    { maxEvents: 8, maxBytes: 10_000 },
    { maxEvents: 1000, maxBytes: 150 },
    { maxEvents: 600, maxBytes: 10_000 },
  ])('within %j', { timeout: 60_000 }, async (limits) => {
    await checkAgainstModel(
      () => {
        const options = { path: newPath(), leaseMs: 10_000, ...limits };
        return {
          limits,
          create: () => sqliteQueue(options),
          reopen: () => {
            withFile(options.path, (db) => {
              const [check] = db.prepare('PRAGMA quick_check').all();
              if (check?.quick_check !== 'ok') throw new Error(`the file is corrupt: ${check?.quick_check}`);
              const wrongTotals = db
                .prepare(
                  `SELECT shares.*, count(body), total(events.bytes) FROM shares
                 LEFT JOIN events ON events.share = shares.id GROUP BY shares.id
                 HAVING shares.events <> count(body) OR shares.bytes <> total(events.bytes)
                 OR pageviews <> total(lane = 1) OR pageview_bytes <> total((lane = 1) * events.bytes)`,
                )
                .all();
              if (wrongTotals.length > 0) throw new Error(`wrong totals: ${JSON.stringify(wrongTotals)}`);
            });
            return sqliteQueue(options);
          },
          outlastMs: 10_001,
        };
      },
      scale(20, 60),
    );
  });
});
