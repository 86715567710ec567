import { Controller, Get, Header, type INestApplication, Module, Sse } from '@nestjs/common';
import { page, type Site } from '@successeve/testing/adapter-contract';
import { concat, NEVER, type Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type RequestTrack, Track, TrackingModule } from './index.js';
import { type Platform, platforms } from './test-platforms.js';
import { type Making, openOn, signIn } from './test-site.js';

/** A batch that would wait for others for longer than any test. */
const batch = { maxWaitMs: 600_000 };

/** A site, its application, and a handler that answers when the test wants it. */
async function open(
  platform: Platform,
  { shutdownTimeoutMs, ...making }: Making & { shutdownTimeoutMs?: number } = {},
): Promise<{ site: Site; app: INestApplication; entered: Promise<void>; leave: () => void }> {
  let enter = (): void => {};
  const entered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });

  @Controller()
  class Handlers {
    @Get('page')
    @Header('content-type', 'text/html')
    page(): string {
      return page;
    }

    @Get('slow')
    @Header('content-type', 'text/html')
    async slow(@Track() track: RequestTrack): Promise<string> {
      enter();
      await left;
      track.event('step_taken');
      return page;
    }

    @Sse('stream')
    stream(): Observable<{ data: string }> {
      return concat(of({ data: 'the first of many' }), NEVER);
    }
  }

  const apps: INestApplication[] = [];
  const site = await openOn(
    platform,
    (_, tracker) => {
      const identify = (): { contactUid: string } => ({ contactUid: 'ada' });
      const tracking = TrackingModule.forRoot({ tracker, identify, shutdownTimeoutMs });
      @Module({ imports: [tracking], controllers: [Handlers], providers: [signIn] })
      class Application {}
      return Application;
    },
    { ...making, prepare: (app) => apps.push(app) },
  );
  const [app] = apps;
  if (!app) throw new Error('the site has no application');
  return { site, app, entered, leave };
}

describe.each(platforms)('closing an application on $name', (platform) => {
  it('delivers what is queued, and closes the tracker; twice is once', async () => {
    const { site, app } = await open(platform, { tracker: { batch } });
    for (const visit of [1, 2, 3]) await site.get(`/page?visit=${visit}`);
    await site.ended();
    expect(site.api.requests).toEqual([]);

    await Promise.all([app.close(), app.close()]);
    await app.close();

    expect(site.api.pageviews).toHaveLength(3);
    site.tracker.event('too_late', { contactUid: 'ada' });
    expect(site.drops).toMatchObject([{ event: { eventUid: 'too_late' }, reason: 'closed' }]);
  });

  it('delivers what requests do that are still under way', async () => {
    const { site, app, entered, leave } = await open(platform, { tracker: { batch } });
    const visit = site.start({ path: '/slow' });
    await entered;

    const closed = app.close();
    leave();
    expect(await visit.answer).toMatchObject({ status: 200 });
    await closed;

    expect(site.api.events).toMatchObject([{ event_uid: 'step_taken' }, { event_uid: 'pageview' }]);
  });

  it('delivers what is queued although a client keeps the server from closing', async () => {
    const { site, app } = await open(platform, { tracker: { batch } });
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
    const { site, app } = await open(platform, { replies: () => 'hang', shutdownTimeoutMs: 50 });
    await site.get('/page');
    await site.ended();

    const startedAt = Date.now();
    await app.close();

    expect(Date.now() - startedAt).toBeLessThan(4_000);
    await expect
      .poll(() => site.drops)
      .toMatchObject([{ event: { eventUid: 'pageview' }, reason: 'closed' }]);
  });

  it('takes a tracker that is closed already', async () => {
    const { site, app } = await open(platform);
    await site.tracker.close();

    await app.close();
  });
});
