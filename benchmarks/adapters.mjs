// What each adapter adds to a request of its framework, beside the same application without it. See README.md.
import 'reflect-metadata';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createTracker } from '@successeve/core';
import { tracking as expressTracking } from '@successeve/express';
import { tracking as koaTracking } from '@successeve/koa';
import { TrackingModule } from '@successeve/nestjs';
import express from 'express';
import Koa from 'koa';

const page = '<!doctype html><title>Reports</title>';
const identify = () => ({ contactUid: 'contact-1', accountUid: 'account-1' });
const tracker = createTracker({
  transport: { send: async () => ({ status: 'delivered' }) },
  batch: true,
  flushOnExit: false,
});

/** A server of each framework, with the adapter or without. */
const frameworks = {
  async 'Express 5'(isTracked) {
    const app = express();
    if (isTracked) app.use(expressTracking(tracker, { identify }));
    return listen(createServer(app.get('/reports', (_req, res) => res.send(page))));
  },
  async 'Koa 3'(isTracked) {
    const app = new Koa();
    if (isTracked) app.use(koaTracking(tracker, { identify }));
    app.use((ctx) => {
      ctx.body = page;
    });
    return listen(createServer(app.callback()));
  },
  'Nest 12 on Express': (isTracked) => nest(isTracked),
  'Nest 12 on Fastify': (isTracked) => nest(isTracked, new FastifyAdapter()),
};

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function nest(isTracked, platform) {
  class Reports {
    reports() {
      return page;
    }
  }
  const handler = Object.getOwnPropertyDescriptor(Reports.prototype, 'reports');
  for (const decorate of [Get('reports'), Header('content-type', 'text/html')]) {
    decorate(Reports.prototype, 'reports', handler);
  }
  Controller()(Reports);
  class App {}
  Module({
    controllers: [Reports],
    imports: isTracked ? [TrackingModule.forRoot({ tracker, identify })] : [],
  })(App);
  const app = await NestFactory.create(App, ...[platform, { logger: false }].filter(Boolean));
  await app.listen(0, '127.0.0.1');
  return app.getHttpServer();
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const headers = {
  accept: 'text/html',
  'sec-fetch-dest': 'document',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
};

function visit(port) {
  return new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/reports?tab=open', agent, headers }, (res) =>
      res.resume().on('end', resolve),
    )
      .on('error', reject)
      .end();
  });
}

/** Microseconds of CPU a request, the client included. */
async function cpu(server) {
  const requests = 2000;
  const { port } = server.address();
  const before = process.cpuUsage();
  let sent = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (sent++ < requests) await visit(port);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / requests;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const servers = [];
for (const [name, create] of Object.entries(frameworks)) {
  servers.push({ name, bare: await create(false), tracked: await create(true), rounds: [] });
}
for (let round = 0; round < 21; round++) {
  for (const { bare, tracked, rounds } of servers)
    rounds.push({ bare: await cpu(bare), tracked: await cpu(tracked) });
}
console.log(
  `Node ${process.version}. Microseconds of CPU a request, the client included: medians of ${21 - 4} rounds.\n`,
);
console.log('                     bare   tracked   added');
for (const { name, rounds } of servers) {
  const counted = rounds.slice(4);
  const bare = median(counted.map((round) => round.bare));
  const tracked = median(counted.map((round) => round.tracked));
  const added = median(counted.map((round) => round.tracked - round.bare));
  console.log(
    `${name.padEnd(19)}${bare.toFixed(1).padStart(6)}${tracked.toFixed(1).padStart(10)}${added.toFixed(1).padStart(8)}`,
  );
}
process.exit();
