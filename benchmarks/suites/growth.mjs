import { Client } from '../lib/client.mjs';
import { Collector } from '../lib/collector.mjs';
import { alternate } from '../lib/results.mjs';
import { fixed, median, spread, thousands } from '../lib/statistics.mjs';

const names = ['ours, no limits, batch', 'posthog, 250 a batch'];

/** @type {import('../lib/results.mjs').Suite} */
export async function growth({ isQuick, say }) {
  const lengths = isQuick ? [10, 1_000, 100_000] : [10, 1_000, 100_000, 1_000_000];
  const collector = new Collector();
  const measured = await alternate(names, isQuick ? 1 : 3, async (name) => {
    await collector.reset({ events: 0, isHanging: true });
    const client = await Client.open(name, collector.url);
    // Until the engine has compiled it; what is told waits, like all that follows.
    await client.tell({ events: 10, perTurn: 10 });
    const costs = [];
    let waiting = 10;
    for (const length of lengths) {
      if (length > waiting) await client.tell({ events: length - waiting, perTurn: 100 });
      const { callUs } = await client.tell({ events: 1000, perTurn: 20 });
      waiting = Math.max(length, waiting) + 1000;
      costs.push(callUs);
    }
    await client.end();
    say(`${name}: ${costs.map(fixed(1)).join(', ')} µs`);
    return costs;
  });
  await collector.end();
  const costsAt = (/** @type {string} */ name, /** @type {number} */ index) =>
    (measured.get(name) ?? []).map((costs) => costs[index] ?? Number.NaN);
  return [
    {
      title: 'Cost against growth',
      explanation: 'Microseconds a call while so many events wait already, for an API that hangs.',
      columns: ['waiting', ...names],
      rows: lengths.map((length, index) => [
        thousands(length),
        ...names.map((name) => spread(costsAt(name, index), fixed(1))),
      ]),
      chart: {
        kind: 'lines',
        unit: 'µs a call',
        xUnit: 'events waiting',
        lines: names.map((name) => ({
          name,
          points: lengths.map(
            (length, index) => /** @type {const} */ ([length, median(costsAt(name, index))]),
          ),
        })),
      },
    },
  ];
}
