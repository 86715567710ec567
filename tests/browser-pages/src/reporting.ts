import type { Engine } from '@successeve/test-browser/engines';
import type { Express, Response } from 'express';
import { describe, expect, it, vi } from 'vitest';
import { buildApp } from './build-app.js';
import { type Site, startSite } from './site.js';
import { Visitor } from './visitor.js';

/** A place for reports that answers when the test says so. */
class SlowReports {
  readonly received: { readonly page: string; readonly authorization: string | undefined }[] = [];
  readonly #waiting: Response[] = [];

  serve(app: Express): void {
    app.post('/slow', (req, res) => {
      let body = '';
      req.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      req.on('end', () => {
        this.received.push({ page: JSON.parse(body).page, authorization: req.headers.authorization });
        this.#waiting.push(res);
      });
    });
  }

  answer(status = 204): void {
    for (const res of this.#waiting.splice(0)) res.status(status).end();
  }

  async hasReceived(...pages: readonly string[]): Promise<void> {
    await vi.waitFor(() => expect(this.received.map(({ page }) => page).sort()).toEqual(pages), {
      timeout: 15_000,
    });
  }
}

interface Opened extends AsyncDisposable {
  readonly site: Site;
  readonly slow: SlowReports;
  readonly visitor: Visitor;
}

const tag = (src: string): string =>
  `<script src="${src}" ${/^\/(reporting|frontend)/.test(src) ? 'type="module"' : 'defer'}></script>`;

/** Opens a page with the package, and with the clock of the rules. */
async function open(engine: Engine, path = '/'): Promise<Opened> {
  const [rules, reporting] = await Promise.all([buildApp('rules.ts'), buildApp('reporting.ts')]);
  const slow = new SlowReports();
  const page = (...scripts: readonly string[]): string =>
    `<!doctype html><title>page</title>${scripts.map(tag).join('')}`;
  const site = await startSite({
    browser: { documents: true, events: ['filter_saved'] },
    routes: (app) => {
      slow.serve(app);
      app.get('/rules.js', (_req, res) => res.type('text/javascript').send(rules));
      app.get('/reporting.js', (_req, res) => res.type('text/javascript').send(reporting));
      app.get('/frontend.js', (_req, res) => {
        res.type('text/javascript').send(`${reporting}; window.startReporting();`);
      });
      app.get('/frontends', (_req, res) => {
        res.type('html').send(page('/rules.js', '/frontend.js?1', '/frontend.js?2'));
      });
      app.get('/copies', (_req, res) => {
        res.type('html').send(page('/rules.js', '/seen.js', '/reporting.js', '/seen.js?again'));
      });
      app.get('/frame', (_req, res) =>
        res.type('html').send(`${page('/rules.js')}<iframe src="/"></iframe>`),
      );
      app.get('/', (_req, res) => res.type('html').send(page('/rules.js', '/reporting.js')));
    },
  });
  const visitor = await Visitor.signIn(engine, site);
  await visitor.goto(path);
  await visitor.until(`document.readyState === 'complete'`);
  return {
    site,
    slow,
    visitor,
    [Symbol.asyncDispose]: async () => {
      await visitor[Symbol.asyncDispose]();
      await site[Symbol.asyncDispose]();
    },
  };
}

/** Visits pages one after the other. */
const visits = (...pages: readonly string[]): string =>
  pages.map((page) => `push('${page}'); pass(1500);`).join(' ');

export function reportingScenarios(engine: () => Engine): void {
  describe('a server that does not answer', () => {
    it('gets two reports, and the others when the tab is hidden', async () => {
      await using opened = await open(engine());
      const { slow, visitor } = opened;
      await visitor.runs(`startReporting({ path: '/slow' }); ${visits('/a', '/b', '/c', '/d')}`);
      await slow.hasReceived('/a', '/b');
      await visitor.tab.hide();
      await slow.hasReceived('/a', '/b', '/c', '/d');
    });

    it('gets the next report when it answers', async () => {
      await using opened = await open(engine());
      const { slow, visitor } = opened;
      await visitor.runs(`startReporting({ path: '/slow' }); ${visits('/a', '/b', '/c', '/d')}`);
      await slow.hasReceived('/a', '/b');
      slow.answer();
      await slow.hasReceived('/a', '/b', '/c', '/d');
    });

    it('gets the newest 30 of what waited', async () => {
      await using opened = await open(engine());
      const { slow, visitor } = opened;
      await visitor.runs(`
        startReporting({ path: '/slow' });
        for (let page = 100; page < 140; page++) { push('/' + page); pass(100); }
        pass(1400);`);
      await slow.hasReceived('/100', '/101');
      await visitor.tab.hide();
      // A host gets six connections at a time.
      await vi.waitFor(
        () => {
          slow.answer();
          expect(slow.received).toHaveLength(32);
        },
        { timeout: 15_000 },
      );
      expect(slow.received.map(({ page }) => page)).toContain('/139');
    });
  });

  describe('a server that fails', () => {
    it('gets the next report, and the page sees no error', async () => {
      await using opened = await open(engine());
      const { slow, visitor } = opened;
      await visitor.runs(`startReporting({ path: '/slow' }); ${visits('/a', '/b', '/c')}`);
      await slow.hasReceived('/a', '/b');
      slow.answer(500);
      await slow.hasReceived('/a', '/b', '/c');
      await visitor.seesNoErrors();
    });

    it('loses the reports while it is away, and gets the next', async () => {
      await using opened = await open(engine());
      const { site, visitor } = opened;
      await visitor.runs('startReporting(); pass(1500)');
      await visitor.records('/');
      await site.whileDown(async () => {
        await visitor.runs(visits('/a', '/b', '/c'));
        await visitor.until('requests.ended === 4');
      });
      await visitor.runs(visits('/d'));
      await visitor.records('/', '/d');
      await visitor.seesNoErrors();
    });
  });

  describe('a visitor', () => {
    it('is known by the headers of the application', async () => {
      await using opened = await open(engine());
      const { site, visitor } = opened;
      await visitor.runs(`
        startReporting({ headers: () => ({ authorization: 'Bearer ${visitor.name}t' }) });
        ${visits('/a')}`);
      await visitor.leavesHavingSeen();
      expect(await site.pages(`${visitor.name}t`)).toEqual(['/a']);
    });

    it('is not taken for the next one, who has other headers', async () => {
      await using opened = await open(engine());
      const { slow, visitor } = opened;
      await visitor.runs(`
        window.token = 'first';
        startReporting({ path: '/slow', headers: () => ({ authorization: token }) });
        ${visits('/a', '/b', '/c', '/d')}`);
      await slow.hasReceived('/a', '/b');
      await visitor.runs(`window.token = 'second'; ${visits('/e')}`);
      slow.answer();
      await slow.hasReceived('/a', '/b', '/e');
      expect(slow.received.map(({ authorization }) => authorization)).toEqual(['first', 'first', 'second']);
    });

    it('is not taken for the next one, for whom reporting is started again', async () => {
      await using opened = await open(engine());
      const { slow, visitor } = opened;
      await visitor.runs(`startReporting({ path: '/slow' }); ${visits('/a', '/b', '/c', '/d')}`);
      await slow.hasReceived('/a', '/b');
      await visitor.runs(`startReporting({ path: '/slow' }); ${visits('/e')}`);
      slow.answer();
      await slow.hasReceived('/a', '/b', '/e');
    });

    it('does not notice that the function for headers fails', async () => {
      await using opened = await open(engine());
      const { slow, visitor } = opened;
      await visitor.runs(`
        startReporting({ path: '/slow', headers: () => { throw new Error('no token') } });
        ${visits('/a')}`);
      await slow.hasReceived('/a');
      expect(visitor.tab.errors).toEqual([]);
    });
  });

  it('counts a page once where tags and bundles have copies, and a tag is evaluated again', async () => {
    await using opened = await open(engine(), '/copies');
    const { visitor } = opened;
    await visitor.runs(`
      startReporting();
      await new Promise((resolve) => {
        const script = Object.assign(document.createElement('script'), { src: '/seen.js?third', onload: resolve });
        document.head.append(script);
      });
      startReporting();
      pass(1500);
      ${visits('/a', '/b')}`);
    await visitor.leavesHavingSeen('/a', '/b', '/copies');
  });

  it('counts a page once where each of two micro-frontends has a copy, and starts it', async () => {
    await using opened = await open(engine(), '/frontends');
    const { site, visitor } = opened;
    await visitor.runs(`pass(1500); ${visits('/a')} event('filter_saved'); page('/step'); pass(1500);`);
    await visitor.leavesHavingSeen('/a', '/frontends', '/step');
    expect(await site.events(visitor.name)).toHaveLength(1);
  });

  it('records an event by the name that the tag gives', async () => {
    await using opened = await open(engine(), '/copies');
    const { site, visitor } = opened;
    await visitor.runs(`successeve.event('filter_saved', { params: { filter: 'overdue' } })`);
    await visitor.leavesHavingSeen('/copies');
    expect(await site.events(visitor.name)).toMatchObject([{ params: { filter: 'overdue' } }]);
  });

  it('counts no page that the application calls an error of its own, and asks once it is a visit', async () => {
    await using opened = await open(engine());
    const { visitor } = opened;
    await visitor.runs(`
      let isError = false;
      startReporting({
        isPage: (page) => {
          if (page === '/e') throw new Error('unknown');
          return !isError && page !== '/c';
        },
      });
      pass(1500);
      push('/a'); isError = true; pass(1500);
      push('/b'); isError = false; pass(1500);
      push('/c'); pass(100);
      push('/d'); pass(1500);
      push('/e'); pass(1500);`);
    await visitor.leavesHavingSeen('/', '/b', '/d', '/e');
  });

  it('records an event of the visitor as it was at the call, and never throws', async () => {
    await using opened = await open(engine());
    const { site, visitor } = opened;
    await visitor.runs(`
      startReporting();
      const params = { filter: 'overdue' };
      event('filter_saved', { params });
      params.filter = 'none';
      params.itself = params;
      event('filter_saved', { params });
      event('not_listed');`);
    await visitor.leavesHavingSeen('/');
    expect(await site.events(visitor.name)).toMatchObject([
      { eventUid: 'filter_saved', params: { filter: 'overdue' } },
    ]);
  });

  it('reports nothing from within a frame, unless the application lives in one', async () => {
    await using opened = await open(engine(), '/frame');
    const { slow, visitor } = opened;
    const inFrame = (statements: string): Promise<void> =>
      visitor.runs(`
        const frame = document.querySelector('iframe').contentWindow;
        const { push, pass, startReporting } = frame;
        ${statements}`);
    await inFrame(`startReporting({ path: '/slow' }); ${visits('/a')}`);
    await inFrame(`startReporting({ path: '/slow', frames: true }); ${visits('/b')}`);
    await slow.hasReceived('/b');
  });
}
