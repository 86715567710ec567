import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Engine } from '@successeve/test-browser/engines';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { buildApp } from './build-app.js';
import { type Site, type SiteOptions, secured, startSite } from './site.js';
import { Visitor } from './visitor.js';

interface Opened extends AsyncDisposable {
  /** The site that takes the reports. */
  readonly api: Site;
  /** The origin of the pages, on another port or another host. */
  readonly origin: string;
  readonly visitor: Visitor;
  /** The methods of the requests to where reports go. */
  readonly reports: readonly string[];
}

/** Opens a page of another origin than the one that takes its reports. */
async function open(
  engine: Engine,
  page: (api: string) => string,
  { host = '127.0.0.1', ...options }: { readonly host?: string } & Partial<SiteOptions> = {},
  isListed = true,
): Promise<Opened> {
  const [rules, reporting] = await Promise.all([buildApp('rules.ts'), buildApp('reporting.ts')]);
  const files = express.Router();
  files.get('/rules.js', (_req, res) => res.type('text/javascript').send(rules));
  files.get('/reporting.js', (_req, res) => res.type('text/javascript').send(reporting));
  files.get('/favicon.ico', (_req, res) => res.status(204).end());

  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const origin = `http://${host}:${(server.address() as AddressInfo).port}`;
  const reports: string[] = [];
  const api = await startSite({
    browser: { origins: isListed ? [origin] : ['https://app.example.com'] },
    onRequest: ({ path, method }) => path === '/seen' && reports.push(method),
    routes: (app) => {
      app.use(files);
      app.get('/framed.js', (_req, res) => res.type('text/javascript').send(framed));
      app.get('/framed', (_req, res) => {
        res
          .type('html')
          .send(
            `<script src="/rules.js"></script>${bundle()}<script src="/framed.js" type="module"></script>`,
          );
      });
    },
    ...options,
  });
  const app = express();
  app.use(secured({ scriptSrc: [api.url], connectSrc: [api.url], frameSrc: [api.url] }), files);
  app.get('/', (_req, res) => {
    res
      .type('html')
      .send(`<!doctype html><title>page</title><script src="/rules.js"></script>${page(api.url)}`);
  });
  server.on('request', app);

  const visitor = await Visitor.signIn(engine, api);
  await visitor.goto(origin);
  await visitor.until(`document.readyState === 'complete'`);
  return {
    api,
    origin,
    visitor,
    reports,
    [Symbol.asyncDispose]: async () => {
      await visitor[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const tag = (api: string): string => `<script src="${api}/seen.js" defer></script>`;
const bundle = (): string => '<script src="/reporting.js" type="module"></script>';

/** Pages whose reports go to another origin, in a browser that guards the border between them. */
export function originScenarios(engine: () => Engine): void {
  describe('a page of another origin of the site', () => {
    it('reports with its cookies, and asks for no permission first', async () => {
      await using opened = await open(engine(), tag);
      const { visitor, origin, reports } = opened;
      await visitor.until('window.successeve');
      await visitor.runs(`pass(1500); push('/a?b=c'); pass(1500)`);
      await visitor.goto('/bye');
      await visitor.hasSeen(`${origin}/`, `${origin}/a?b=c`);
      expect(new Set(reports)).toEqual(new Set(['POST']));
    });

    it('reports with a token, for which the browser asks for permission', async () => {
      await using opened = await open(engine(), bundle);
      const { api, visitor, origin, reports } = opened;
      await visitor.runs(`
        startReporting({ path: '${api.url}/seen', headers: () => ({ authorization: 'Bearer ${visitor.name}t' }) });
        pass(1500); push('/a'); pass(1500)`);
      await visitor.goto('/bye');
      await visitor.hasSeen();
      expect(await api.pages(`${visitor.name}t`)).toEqual([`${origin}/`, `${origin}/a`]);
      expect(new Set(reports)).toEqual(new Set(['OPTIONS', 'POST']));
    });

    it('is not believed where its origin is not listed', async () => {
      await using opened = await open(engine(), () => '', {}, false);
      const { api, visitor, reports } = opened;
      await visitor.runs(`
        const body = JSON.stringify({ page: '/forged', age: 0 });
        for (const mode of ['no-cors', 'cors']) {
          await fetch('${api.url}/seen', { method: 'POST', mode, credentials: 'include', body }).catch(() => {});
        }`);
      expect(reports).toEqual(['POST', 'POST']);
      await visitor.goto('/bye');
      expect(await api.pages(visitor.name)).toEqual([]);
    });
  });

  it('an application in a frame of another site reports its pages, for the holder of its token', async () => {
    await using opened = await open(engine(), () => '', {
      host: 'localhost',
      browser: { frames: true },
      allows: { frameAncestors: ['http:'] },
    });
    const { api, visitor } = opened;
    await visitor.runs(`
      const frame = Object.assign(document.createElement('iframe'), { src: '${api.url}/framed#${visitor.name}t' });
      const isLoaded = new Promise((resolve) => frame.onload = resolve);
      document.body.append(frame);
      await isLoaded;`);
    await visitor.goto('/bye');
    await visitor.hasSeen();
    expect(await api.pages(`${visitor.name}t`)).toEqual(['/framed', '/framed/a']);
  });
}

/** What runs in the frame. */
const framed = `
  startReporting({ frames: true, headers: () => ({ authorization: 'Bearer ' + location.hash.slice(1) }) });
  pass(1500); push('/framed/a#' + location.hash.slice(1)); pass(1500);`;
