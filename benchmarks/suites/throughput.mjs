import { Client } from '../lib/client.mjs';
import { Collector } from '../lib/collector.mjs';
import { alternate } from '../lib/results.mjs';
import { fixed, median, spread, thousands } from '../lib/statistics.mjs';

const names = [
  'ours, batch',
  'raw loop, batch',
  'posthog, 250 a batch',
  'segment, 250 a batch',
  'ours, single',
  'raw loop, single',
  'posthog, default',
  'segment, default',
  'mixpanel, single',
  'hand-rolled fetch',
];

/** @type {import('../lib/results.mjs').Suite} */
export async function throughput({ isQuick, say }) {
  const collector = new Collector();
  // More for what is fast, so that each takes long enough to be measured.
  const eventsOf = (/** @type {string} */ name) =>
    (isQuick ? 5_000 : 20_000) * (/^(ours|raw loop), batch$/.test(name) ? 10 : 1);

  const measured = await alternate(names, isQuick ? 1 : 5, async (name) => {
    const events = eventsOf(name);
    const warmUps = events / 4;
    await collector.reset({ events: events + warmUps });
    const client = await Client.open(name, collector.url);
    // Until the engine has compiled it, as in a server that has run for a while.
    await client.tell({ events: warmUps, perTurn: 20 });
    await collector.settle(warmUps);
    const told = await client.tell({ events, perTurn: 20 });
    const { cpuUs } = await client.finish();
    const { unique, repeated, lastAt } = await collector.settle(events + warmUps);
    await client.end();
    const perSecond = ((unique - warmUps) * 1000) / (lastAt - told.startedAt);
    say(`${name}: ${thousands(perSecond)} events/s`);
    return {
      callUs: told.callUs,
      cpuUs: (told.cpuUs + cpuUs) / events,
      perSecond,
      lost: events + warmUps - unique,
      repeated,
    };
  });
  await collector.end();

  const perSecond = (/** @type {string} */ name) =>
    median(measured.get(name)?.map((round) => round.perSecond) ?? []);
  const rows = [...measured].map(([name, rounds]) => [
    name,
    spread(
      rounds.map(({ callUs }) => callUs),
      fixed(1),
    ),
    spread(
      rounds.map(({ cpuUs }) => cpuUs),
      fixed(1),
    ),
    spread(
      rounds.map((round) => round.perSecond),
      thousands,
    ),
    (
      perSecond(name) /
      perSecond(name.includes('single') || !name.includes('batch') ? 'raw loop, single' : 'raw loop, batch')
    ).toFixed(2),
    lostOf(rounds),
  ]);
  return [
    {
      title: 'Throughput',
      explanation:
        'Events of about 300 bytes, 20 calls in each turn of the event loop, after a quarter as many to warm up. CPU is that of the whole client process until everything is sent. The raw loop sends the same bytes over the same transport and does nothing else.',
      columns: ['', 'µs a call', 'µs CPU an event', 'events/s', 'of the raw loop', 'lost'],
      rows,
      chart: {
        kind: 'bars',
        unit: 'events/s',
        bars: names.map((name) => ({ name, value: perSecond(name) })),
      },
    },
  ];
}

/** @param {readonly { lost: number, repeated: number }[]} rounds */
export function lostOf(rounds) {
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0);
  const repeated = rounds.reduce((sum, round) => sum + round.repeated, 0);
  return [lost || 'none', repeated && `${repeated} came twice`].filter(Boolean).join(', ');
}
