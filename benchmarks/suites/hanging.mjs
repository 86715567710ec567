import { Client } from '../lib/client.mjs';
import { Collector } from '../lib/collector.mjs';
import { fixed, thousands } from '../lib/statistics.mjs';

/** More than this no peer is asked to hold: some take a gigabyte for it already. */
const peersHold = 100_000;

/** @type {readonly { name: string, events: number, perTurn: number }[]} */
const loads = [
  { name: 'ours, single', events: 100_000, perTurn: 100 },
  { name: 'ours, batch', events: 100_000, perTurn: 100 },
  { name: 'ours, no limits, batch', events: 1_000_000, perTurn: 100 },
  { name: 'posthog, default', events: peersHold, perTurn: 100 },
  { name: 'segment, default', events: peersHold, perTurn: 100 },
  { name: 'mixpanel, single', events: peersHold, perTurn: 100 },
];

/** @type {import('../lib/results.mjs').Suite} */
export async function hanging({ isQuick, say }) {
  const collector = new Collector();
  const rows = [];
  for (const { name, events: all, perTurn } of loads) {
    const events = isQuick ? all / 10 : all;
    await collector.reset({ events, isHanging: true });
    const client = await Client.open(name, collector.url);
    const told = await client.tell({ events, perTurn });
    const { heapMb } = await client.memory();
    const { sockets } = await collector.count();
    const drain = await drained(client, collector, events);
    say(`${name}: ${events} held in ${heapMb.toFixed(0)} MB`);
    rows.push([
      name,
      thousands(events),
      fixed(0)(heapMb),
      String(sockets),
      fixed(0)(told.blockMs),
      drain.seconds === undefined ? '' : fixed(1)(drain.seconds),
      drain.lost,
    ]);
    await client.end();
  }
  await collector.end();
  return [
    {
      title: 'While the API hangs',
      explanation:
        'Events of about 300 bytes, 100 calls a turn, while the API takes requests and answers none; then it answers. Memory is the growth of the heap, garbage left out.',
      columns: ['', 'events', 'MB', 'sockets', 'longest block, ms', 'drained in, s', 'lost'],
      rows,
    },
  ];
}

/**
 * Lets the collector answer, and waits for what comes.
 *
 * @param {Client} client
 * @param {Collector} collector
 * @param {number} events
 */
async function drained(client, collector, events) {
  await collector.answer();
  const startedAt = Date.now();
  // Not all of them ever say that they are done.
  const isDone = client.finish().then(
    () => true,
    () => false,
  );
  const { unique, repeated, lastAt } = await collector.settle(events, 30_000);
  await Promise.race([isDone, new Promise((resolve) => setTimeout(resolve, 1000))]);
  const lost = [events - unique || 'none', repeated && `${repeated} came twice`].filter(Boolean).join(', ');
  return { seconds: unique > 0 ? (lastAt - startedAt) / 1000 : undefined, lost };
}
