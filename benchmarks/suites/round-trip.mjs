import { Client } from '../lib/client.mjs';
import { Collector } from '../lib/collector.mjs';
import { alternate } from '../lib/results.mjs';
import { median, spread, thousands } from '../lib/statistics.mjs';
import { lostOf } from './throughput.mjs';

/** How many events each is told of: enough for some seconds. @type {Record<string, number>} */
const events = {
  'ours, single': 2_000,
  'ours, batch': 100_000,
  'posthog, default': 10_000,
  'segment, default': 2_000,
  'mixpanel, single': 2_000,
};
const names = Object.keys(events);

/** @type {import('../lib/results.mjs').Suite} */
export async function roundTrip({ isQuick, say }) {
  const collector = new Collector();
  const measured = await alternate(names, isQuick ? 1 : 3, async (name) => {
    const count = (events[name] ?? 0) / (isQuick ? 4 : 1);
    await collector.reset({ events: count, delayMs: 50 });
    const client = await Client.open(name, collector.url);
    const { startedAt } = await client.tell({ events: count, perTurn: 20 });
    await client.finish();
    const { unique, repeated, lastAt, sockets } = await collector.settle(count);
    await client.end();
    const perSecond = (unique * 1000) / (lastAt - startedAt);
    say(`${name}: ${thousands(perSecond)} events/s`);
    return { perSecond, sockets, lost: count - unique, repeated };
  });
  await collector.end();
  return [
    {
      title: 'With a round trip of 50 ms',
      explanation: 'The collector answers each request after 50 ms.',
      columns: ['', 'events/s', 'sockets', 'lost'],
      rows: [...measured].map(([name, rounds]) => [
        name,
        spread(
          rounds.map((round) => round.perSecond),
          thousands,
        ),
        String(Math.max(...rounds.map(({ sockets }) => sockets))),
        lostOf(rounds),
      ]),
      chart: {
        kind: 'bars',
        unit: 'events/s',
        bars: [...measured].map(([name, rounds]) => ({
          name,
          value: median(rounds.map((round) => round.perSecond)),
        })),
      },
    },
  ];
}
