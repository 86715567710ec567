import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Running, startCommand } from '../../test/command.js';
import { createProject, type ProjectParts } from '../../test/project.js';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface Examination extends ProjectParts {
  /** Starts the application. */
  readonly command?: readonly string[];
  /** The paths to visit; none where a user clicks. */
  readonly visits?: readonly string[];
  /** Cookies of the visits. */
  readonly cookies?: readonly string[];
}

export interface Examined extends Running {
  /** Where the application is. */
  readonly site: string;
}

/** Lets `successeve doctor` look at an application that runs. */
export async function examine({
  command = ['node', 'server.js'],
  visits = [],
  cookies = [],
  ...parts
}: Examination): Promise<Examined> {
  const folder = await createProject(parts);
  const site = `http://127.0.0.1:${await freePort()}`;
  const args = [
    ...visits.flatMap((path) => ['--visit', site + path]),
    ...cookies.flatMap((cookie) => ['--cookie', cookie]),
  ];
  const env = { PORT: new URL(site).port, SUCCESSEVE_API_TOKEN: 'anything' };
  return Object.assign(startCommand(['doctor', ...args, '--', ...command], { cwd: folder, env }), { site });
}

/** What it prints in the end. */
export async function report(
  examination: Examination,
): Promise<{ code: number | null; out: string; err: string }> {
  const running = await examine(examination);
  const code = await running.ended;
  return { code, out: running.out, err: running.err };
}

const imports = `import { createTracker, tracking } from '@successeve/express';
import express from 'express';
const tracker = createTracker();
const app = express();
const adapter = (options) => tracking(tracker, { identify: () => null, ...options });
const listen = () => app.listen(process.env.PORT, '127.0.0.1', () => console.log('Ready'));
const page = (req, res) => res.send('<h1>A page</h1>');
`;

export function onExpress(code: string): ProjectParts {
  return { packages: ['@successeve/express', 'express'], files: { 'server.js': imports + code } };
}

export function onKoa(code: string): ProjectParts {
  const server = `import { createTracker, tracking } from '@successeve/koa';
import Koa from 'koa';
const tracker = createTracker();
const app = new Koa();
const adapter = () => tracking(tracker, { identify: () => null });
const page = (ctx) => { ctx.body = '<h1>A page</h1>'; };
${code}
app.listen(process.env.PORT, '127.0.0.1');
`;
  return { packages: ['@successeve/koa', 'koa'], files: { 'server.js': server } };
}

export function onFastify(options: string, code: string): ProjectParts {
  const server = `import { createTracker, tracking } from '@successeve/fastify';
import Fastify from 'fastify';
const options = { tracker: createTracker(), identify: () => null };
const app = Fastify(${options});
const page = (request, reply) => reply.type('text/html').send('<h1>A page</h1>');
${code}
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
`;
  return { packages: ['@successeve/fastify', 'fastify'], files: { 'server.js': server } };
}

export function onHono(code: string): ProjectParts {
  const server = `import { serve } from '@hono/node-server';
import { createTracker, tracking } from '@successeve/hono';
import { Hono } from 'hono';
const tracker = createTracker();
const app = new Hono();
const adapter = () => tracking(tracker, { identify: () => null });
const page = (c) => c.html('<h1>A page</h1>');
${code}
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
`;
  return { packages: ['@successeve/hono', '@hono/node-server', 'hono'], files: { 'server.js': server } };
}

const nestPackages = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
];

export function onNest(platform: string, code: string, more = ''): ProjectParts {
  // Decorators without a compiler.
  const server = `import 'reflect-metadata';
import { Controller, Get, Header, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createTracker, TrackingModule } from '@successeve/nestjs';
const options = { tracker: createTracker(), identify: () => null };
class Pages { page() { return '<h1>A page</h1>'; } }
const descriptor = Object.getOwnPropertyDescriptor(Pages.prototype, 'page');
Get()(Pages.prototype, 'page', descriptor);
Header('content-type', 'text/html')(Pages.prototype, 'page', descriptor);
Controller()(Pages);
class Feature {}
Module({ imports: [TrackingModule.forRoot({ ...options, ignore: ['/health'] })] })(Feature);
class App {}
Module({ imports: [TrackingModule.forRoot(options)${more}], controllers: [Pages] })(App);
const app = await NestFactory.create(App, ${platform});
${code}
await app.listen(process.env.PORT, '127.0.0.1');
`;
  return {
    packages: [
      '@successeve/nestjs',
      '@successeve/express',
      'express',
      'reflect-metadata',
      'rxjs',
      ...nestPackages,
    ],
    files: { 'server.js': server },
  };
}
