import { Client } from '../lib/client.mjs';
import { Collector } from '../lib/collector.mjs';
import { alternate } from '../lib/results.mjs';
import { fixed, spread } from '../lib/statistics.mjs';
import { lostOf } from './throughput.mjs';

const names = ['ours, single', 'ours, batch', 'posthog, default', 'segment, default'];

/** @type {import('../lib/results.mjs').Suite} */
export async function oneTurn({ isQuick, say }) {
  const collector = new Collector();
  const events = 20_000;
  const measured = await alternate(names, isQuick ? 1 : 5, async (name) => {
    await collector.reset({ events });
    const client = await Client.open(name, collector.url);
    const { blockMs } = await client.tell({ events, perTurn: events });
    await client.finish();
    const { unique, repeated, sockets } = await collector.settle(events);
    await client.end();
    say(`${name}: ${blockMs.toFixed(0)} ms`);
    return { blockMs, sockets, lost: events - unique, repeated };
  });
  await collector.end();
  return [
    {
      title: '20 000 calls in one turn',
      explanation: 'All calls in one turn of the event loop: how long it is blocked, and what is lost.',
      columns: ['', 'block, ms', 'sockets', 'lost'],
      rows: [...measured].map(([name, rounds]) => [
        name,
        spread(
          rounds.map(({ blockMs }) => blockMs),
          fixed(0),
        ),
        String(Math.max(...rounds.map(({ sockets }) => sockets))),
        lostOf(rounds),
      ]),
    },
  ];
}
