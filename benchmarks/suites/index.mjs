import { budgetSuite } from './budget.mjs';
import { call } from './call.mjs';
import { growth } from './growth.mjs';
import { hanging } from './hanging.mjs';
import { next } from './next.mjs';
import { oneTurn } from './one-turn.mjs';
import { roundTrip } from './round-trip.mjs';
import { serverSuite } from './servers.mjs';
import { start } from './start.mjs';
import { throughput } from './throughput.mjs';

const ours = ['ours, batch', 'ours, single'];
const oursUnderBudget = [...ours, ...ours.map((name) => `${name}, queue full`)];
const rawLoops = ['raw loop, batch', 'raw loop, single'];
const peers = ['mixpanel, single', 'segment, default', 'posthog, default', 'hand-rolled fetch'];

/** In the order of the report. @type {Readonly<Record<string, import('../lib/results.mjs').Suite>>} */
export const suites = {
  'budget-express': budgetSuite('Under the API’s budget, Express 5', 'express', [
    ...oursUnderBudget,
    ...rawLoops,
    ...peers,
  ]),
  'budget-koa': budgetSuite('Under the API’s budget, Koa 3', 'koa', oursUnderBudget),
  'budget-fastify': budgetSuite('Under the API’s budget, Fastify 5', 'fastify', oursUnderBudget),
  'budget-hono': budgetSuite('Under the API’s budget, Hono 4', 'hono', oursUnderBudget),
  'budget-nest-express': budgetSuite(
    'Under the API’s budget, Nest 12 on Express',
    'nestOnExpress',
    oursUnderBudget,
  ),
  'budget-nest-fastify': budgetSuite(
    'Under the API’s budget, Nest 12 on Fastify',
    'nestOnFastify',
    oursUnderBudget,
  ),
  call,
  throughput,
  express: serverSuite('Express 5', 'express', [...ours, ...rawLoops, ...peers]),
  koa: serverSuite('Koa 3', 'koa', ours),
  fastify: serverSuite('Fastify 5', 'fastify', ours),
  hono: serverSuite('Hono 4', 'hono', ours),
  'nest-express': serverSuite('Nest 12 on Express', 'nestOnExpress', ours),
  'nest-fastify': serverSuite('Nest 12 on Fastify', 'nestOnFastify', ours),
  next,
  hanging,
  'one-turn': oneTurn,
  growth,
  'round-trip': roundTrip,
  start,
};
