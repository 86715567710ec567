import { Collector } from '../lib/collector.mjs';
import { cores, Worker } from '../lib/processes.mjs';
import { alternate } from '../lib/results.mjs';
import { fixed, median, spread, thousands } from '../lib/statistics.mjs';
import { requireWrk } from '../lib/wrk.mjs';
import { mostVisits, visit } from './servers.mjs';

/** What the API still takes of its 900 requests when a run begins; no window begins while it lasts. */
const requestsLeft = 30;

/** More than wait by default, and than the requests that are left carry in batches. */
const fillsTheQueue = 110_000;

/** How long a library may go on after the load. */
const patienceMs = 10_000;

/**
 * What one server did under one load.
 *
 * @typedef {object} Load
 * @property {number} perSecond
 * @property {number} p99Ms
 * @property {number} cpuUs what the process took of its core for each visit
 * @property {number} visits
 * @property {number} arrived visits whose pageview the API took
 * @property {number} waiting pageviews that wait for the budget
 */

/**
 * A suite for a framework whose pageviews meet the budget that the API has.
 *
 * @param {string} title
 * @param {string} framework
 * @param {readonly string[]} names a name ends in `, queue full` where the queue is full before the load begins
 * @returns {import('../lib/results.mjs').Suite}
 */
export function budgetSuite(title, framework, names) {
  return async ({ isQuick, say }) => {
    requireWrk();
    const collector = new Collector();
    const all = ['bare', ...names];
    const measured = await alternate(all, isQuick ? 1 : 5, async (name) => {
      await collector.reset({ events: mostVisits, requestsLeft });
      const result = await underLoad(framework, name, collector, isQuick ? 2 : 8);
      say(`${title}, ${name}: ${thousands(result.perSecond)} requests/s`);
      return result;
    });
    await collector.end();
    return [tableOf(title, all, measured)];
  };
}

/**
 * @param {string} framework
 * @param {string} row
 * @param {Collector} collector
 * @param {number} seconds
 * @returns {Promise<Load>}
 */
async function underLoad(framework, row, collector, seconds) {
  const name = row.replace(', queue full', '');
  const server = new Worker('workloads/server.mjs', { core: cores.measured });
  const { port } = await server.ask({ task: 'open', framework, name, url: collector.url });
  if (row !== name) await server.ask({ task: 'fill', events: fillsTheQueue });
  const load = await visit(server, port, seconds);
  // Ours would go on for as long as the budget takes.
  const task = name.startsWith('ours') ? 'count' : 'finish';
  const { visits, waiting } = await server.ask({ task, patienceMs });
  const { unique: arrived } = await collector.count();
  await server.end();
  return { ...load, visits, arrived, waiting };
}

/**
 * @param {string} title
 * @param {readonly string[]} names
 * @param {ReadonlyMap<string, readonly Load[]>} measured
 * @returns {import('../lib/results.mjs').Result}
 */
function tableOf(title, names, measured) {
  const bare = measured.get('bare') ?? [];
  const ratios = (/** @type {string} */ name) =>
    (measured.get(name) ?? []).map(
      ({ perSecond }, round) => perSecond / (bare[round]?.perSecond ?? Number.NaN),
    );
  return {
    title,
    explanation: `What users get: the API takes ${requestsLeft} more requests of its 900 in 300 seconds, and answers the others with 429. One page, one pageview a request, 50 connections. The ratio is to the bare application in the same round; CPU is that of the server, a request. Of the pageviews, some arrive, some wait for the budget, and the others are lost: ours drops them where the queue is full, and reports each; the other libraries had ${patienceMs / 1000} s more to send them. A queue that is full holds 100,000 when the load begins.`,
    columns: ['', 'requests/s', 'of bare', 'µs CPU', 'p99, ms', 'arrived', 'waiting', 'lost'],
    rows: names.map((name) => {
      const rounds = measured.get(name) ?? [];
      const isBare = name === 'bare';
      const column = (
        /** @type {(load: Load) => number} */ read,
        /** @type {(value: number) => string} */ format,
      ) => spread(rounds.map(read), format);
      const part = (/** @type {(load: Load) => number} */ read) =>
        isBare ? '' : `${Math.round(median(rounds.map(read)) * 100)} %`;
      const kept = (/** @type {Load} */ { arrived, waiting, visits }) =>
        Math.min(waiting / visits, 1 - arrived / visits);
      return [
        name,
        column(({ perSecond }) => perSecond, thousands),
        isBare ? '1' : spread(ratios(name), fixed(2)),
        column(({ cpuUs }) => cpuUs, fixed(0)),
        column(({ p99Ms }) => p99Ms, fixed(1)),
        part(({ arrived, visits }) => arrived / visits),
        part(kept),
        part((load) => 1 - load.arrived / load.visits - kept(load)),
      ];
    }),
    chart: {
      kind: 'bars',
      unit: 'requests/s of bare',
      bars: names.map((name) => ({ name, value: name === 'bare' ? 1 : median(ratios(name)) })),
    },
  };
}
