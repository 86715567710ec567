import { page, type Site } from '@successeve/testing/adapter-contract';
import type { FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import { type Making, open } from './test-site.js';

/** A batch that would wait for others for longer than any test. */
const batch = { maxWaitMs: 600_000 };

/** A site, its application, and a handler that answers when the test wants it. */
async function openSlow(
  making: Making,
): Promise<{ site: Site; app: FastifyInstance; entered: Promise<void>; leave: () => void }> {
  let enter = (): void => {};
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  const apps: FastifyInstance[] = [];
  const site = await open((app) => {
    apps.push(app);
    app.get('/page', (_, reply) => reply.type('text/html').send(page));
    app.get('/slow', async ({ track }, reply) => {
      enter();
      await left;
      track.event('step_taken');
      return reply.type('text/html').send(page);
    });
    app.get('/stream', (_, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.write('data: the first of many\n\n');
    });
  }, making);
  const [app] = apps;
  if (!app) throw new Error('the site has no application');
  return { site, app, entered, leave };
}

describe('fastify.close()', () => {
  it('delivers what is queued, and closes the tracker; twice is once', async () => {
    const { site, app } = await openSlow({ tracker: { batch } });
    for (const visit of [1, 2, 3]) await site.get(`/page?visit=${visit}`);
    await site.ended();
    expect(site.api.requests).toEqual([]);

    await Promise.all([app.close(), app.close()]);

    expect(site.api.pageviews).toHaveLength(3);
    site.tracker.event('too_late', { contactUid: 'ada' });
    expect(site.drops).toMatchObject([{ event: { eventUid: 'too_late' }, reason: 'closed' }]);
  });

  it('delivers what requests do that are still under way', async () => {
    const { site, app, entered, leave } = await openSlow({ tracker: { batch } });
    const visit = site.start({ path: '/slow' });
    await entered;

    const closed = app.close();
    leave();
    expect(await visit.answer).toMatchObject({ status: 200 });
    await closed;

    expect(site.api.events).toMatchObject([{ event_uid: 'step_taken' }, { event_uid: 'pageview' }]);
  });

  it('delivers what other plugins record while they close', async () => {
    const apps: FastifyInstance[] = [];
    const site = await open(
      (app) => {
        apps.push(app);
        app.register(async (other) => {
          other.addHook('onClose', async () => site.tracker.event('step_taken', { contactUid: 'ada' }));
        });
      },
      { tracker: { batch } },
    );

    await apps[0]?.close();

    expect(site.api.events).toMatchObject([{ event_uid: 'step_taken' }]);
  });

  it('delivers what is queued although a client keeps the server from closing', async () => {
    const { site, app } = await openSlow({ tracker: { batch } });
    const stream = site.start({ path: '/stream' });
    await stream.begun;
    await site.get('/page');
    await expect.poll(() => site.outcome.recorded).toBe(1);
    let isClosed = false;

    const closed = app.close().then(() => {
      isClosed = true;
    });
    await site.api.waitForEvents(1);

    expect(isClosed).toBe(false);
    expect(site.api.pageviews).toHaveLength(1);
    stream.abort();
    await closed;
  });

  it('waits for an API that hangs no longer than `shutdownTimeoutMs`, and drops nothing silently', async () => {
    const { site, app } = await openSlow({ replies: () => 'hang', shutdownTimeoutMs: 50 });
    await site.get('/page');
    await site.ended();

    const startedAt = Date.now();
    await app.close();

    expect(Date.now() - startedAt).toBeLessThan(4_000);
    await expect
      .poll(() => site.drops)
      .toMatchObject([{ event: { eventUid: 'pageview' }, reason: 'closed' }]);
  });
});
