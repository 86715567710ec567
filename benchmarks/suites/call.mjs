import { cores, Worker } from '../lib/processes.mjs';
import { alternate } from '../lib/results.mjs';
import { fixed, median, spread } from '../lib/statistics.mjs';

/** @type {import('../lib/results.mjs').Suite} */
export async function call({ isQuick }) {
  const worker = new Worker('workloads/call.mjs', { core: cores.measured });
  const { names } = await worker.ask({});
  const measure = async (/** @type {string} */ name) => {
    const { us } = await worker.ask({ name, rounds: isQuick ? 100 : 500 });
    return us;
  };
  // Not before the engine has compiled them.
  await alternate(names, isQuick ? 1 : 4, measure);
  const measured = await alternate(names, isQuick ? 2 : 11, measure);
  await worker.end();
  return [
    {
      title: 'The call',
      explanation:
        'Microseconds in the caller’s turn, 20 calls a turn, sending left out; requests are those of Express 5.',
      columns: ['', 'µs a call'],
      rows: [...measured].map(([name, rounds]) => [name, spread(rounds, fixed(2))]),
      chart: {
        kind: 'bars',
        unit: 'µs',
        bars: [...measured].map(([name, rounds]) => ({ name, value: median(rounds) })),
      },
    },
  ];
}
