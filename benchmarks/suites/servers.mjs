import { Collector } from '../lib/collector.mjs';
import { cores, Worker } from '../lib/processes.mjs';
import { alternate } from '../lib/results.mjs';
import { fixed, median, spread, thousands } from '../lib/statistics.mjs';
import { load, requireWrk } from '../lib/wrk.mjs';

/** More visits than any server answers in one load. */
export const mostVisits = 4_000_000;

/**
 * What one server did under one load.
 *
 * @typedef {object} Load
 * @property {number} perSecond
 * @property {number} p99Ms
 * @property {number} cpuUs what the process took of its core for each visit, sending included
 * @property {number} inTime the part of the pageviews that had arrived when the load ended
 * @property {number} lost
 * @property {number} repeated
 */

/**
 * A suite for a framework: the same application bare and with each library, a pageview a request, in turns.
 *
 * @param {string} title
 * @param {string} framework
 * @param {readonly string[]} names
 * @returns {import('../lib/results.mjs').Suite}
 */
export function serverSuite(title, framework, names) {
  return async ({ isQuick, say }) => {
    requireWrk();
    const collector = new Collector();
    const seconds = isQuick ? 2 : 8;
    const all = ['bare', ...names];
    const measured = await alternate(all, isQuick ? 1 : 5, async (name) => {
      await collector.reset({ events: mostVisits });
      const result = await underLoad(framework, name, collector, seconds);
      say(`${title}, ${name}: ${thousands(result.perSecond)} requests/s`);
      return result;
    });
    await collector.end();
    return [tableOf(title, all, measured)];
  };
}

/**
 * @param {string} framework
 * @param {string} name
 * @param {Collector} collector
 * @param {number} seconds
 * @returns {Promise<Load>}
 */
async function underLoad(framework, name, collector, seconds) {
  const server = new Worker('workloads/server.mjs', { core: cores.measured });
  const { port } = await server.ask({ task: 'open', framework, name, url: collector.url });
  const settle = async (/** @type {number} */ warmUps) => {
    if (name !== 'bare') await collector.settle(warmUps, 1000);
  };
  const { perSecond, p99Ms, cpuUs, visits } = await visit(server, port, seconds, settle);
  const { unique: inTime } = await collector.count();
  await server.ask({ task: 'finish' });
  const { unique, repeated } = name === 'bare' ? { unique: 0, repeated: 0 } : await collector.settle(visits);
  await server.end();
  return {
    perSecond,
    p99Ms,
    cpuUs,
    inTime: inTime / visits,
    lost: visits - unique,
    repeated,
  };
}

/**
 * Visits a page of a server for a second, until the engine has compiled it, then for as long as is measured.
 *
 * @param {Worker} server
 * @param {number} port
 * @param {number} seconds
 * @param {(warmUps: number) => Promise<void>} [settle] waits for what came of the first second
 */
export async function visit(server, port, seconds, settle) {
  const url = `http://127.0.0.1:${port}/reports`;
  await load(url, { seconds: 1, firstVisit: 0 });
  const { visits: warmUps } = await server.ask({ task: 'count' });
  await settle?.(warmUps);
  const before = await server.ask({ task: 'count' });
  const { perSecond, p99Ms } = await load(url, { seconds, firstVisit: mostVisits / 2 });
  const { visits, cpuUs } = await server.ask({ task: 'count' });
  return { perSecond, p99Ms, visits, cpuUs: (cpuUs - before.cpuUs) / (visits - warmUps) };
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
    explanation:
      'One page, one pageview a request, 50 connections. The ratio is to the bare application in the same round. CPU is that of the server, a request, under load. In time is the part of the pageviews that had arrived when the load ended. Ours has its usual queue of 100 000: beyond that it drops the oldest, and reports each.',
    columns: ['', 'requests/s', 'of bare', 'µs CPU', 'p99, ms', 'in time', 'lost'],
    rows: names.map((name) => {
      const rounds = measured.get(name) ?? [];
      const isBare = name === 'bare';
      return [
        name,
        spread(
          rounds.map(({ perSecond }) => perSecond),
          thousands,
        ),
        isBare ? '1' : spread(ratios(name), fixed(2)),
        spread(
          rounds.map(({ cpuUs }) => cpuUs),
          fixed(0),
        ),
        spread(
          rounds.map(({ p99Ms }) => p99Ms),
          fixed(1),
        ),
        isBare ? '' : `${Math.round(median(rounds.map(({ inTime }) => inTime)) * 100)} %`,
        isBare ? '' : String(rounds.reduce((sum, { lost }) => sum + lost, 0) || 'none'),
      ];
    }),
    chart: {
      kind: 'bars',
      unit: 'requests/s of bare',
      bars: names.map((name) => ({ name, value: name === 'bare' ? 1 : median(ratios(name)) })),
    },
  };
}
