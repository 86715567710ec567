import {
  type ArgumentsHost,
  type CallHandler,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Header,
  type HttpException,
  Module,
  type NestInterceptor,
  Post,
  Query,
  Redirect,
  Sse,
  type Type,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { page } from '@successeve/testing/adapter-contract';
import { map, type Observable, of, Subject, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type RequestTrack, SkipTracking, Track, TrackEvent } from './index.js';
import { type PlatformRequest, platforms } from './test-platforms.js';
import { openOn, signIn } from './test-site.js';

function applicationOf(controller: Type): Parameters<typeof openOn>[1] {
  return (tracking) => {
    @Module({ imports: [tracking], controllers: [controller], providers: [signIn] })
    class Application {}
    return Application;
  };
}

/** How a handler can succeed, and what its answer is. */
const successes: [string, () => unknown, string][] = [
  ['returns', () => ({ plan: 'gold' }), '{"plan":"gold"}'],
  ['returns a promise', async () => ({ plan: 'gold' }), '{"plan":"gold"}'],
  ['returns an Observable', () => of({ plan: 'basic' }, { plan: 'gold' }), '{"plan":"gold"}'],
];

const mistake = new Error('a mistake of the customer');
const failures: [string, () => unknown][] = [
  [
    'throws',
    () => {
      throw mistake;
    },
  ],
  ['returns a promise that rejects', () => Promise.reject(mistake)],
  ['returns an Observable that fails', () => throwError(() => mistake)],
];

describe.each(platforms)('@TrackEvent on $name', (platform) => {
  /** A site where the handler of `POST /act` is decorated as a test says. */
  function openWith(
    act: () => unknown,
    decorator: MethodDecorator,
    more: Parameters<typeof openOn>[2] = {},
  ): ReturnType<typeof openOn> {
    @Controller()
    class Handlers {
      @Post('act')
      @decorator
      act(): unknown {
        return act();
      }
    }
    return openOn(platform, applicationOf(Handlers), more);
  }
  const act = { method: 'POST', path: '/act' };

  it.each(successes)('records once the handler has succeeded: it %s', async (_, handler, body) => {
    const details = { displayName: 'A plan', params: { from: 'the pricing page' } };
    const site = await openWith(handler, TrackEvent('plan_chosen', details));

    expect(await site.send(act)).toMatchObject({ status: 201, body });
    await site.flush();

    expect(site.api.events).toEqual([
      {
        contact_uid: 'ada',
        event_uid: 'plan_chosen',
        params: { account_uid: 'org-of-ada', display_name: 'A plan', from: 'the pricing page' },
      },
    ]);
  });

  it.each(successes)('makes the details of the result and the request: it %s', async (_, handler, body) => {
    const site = await openWith(
      handler,
      TrackEvent('plan_chosen', ({ plan }: { plan: string }, { headers }: PlatformRequest) => ({
        params: { plan, from: headers['x-from'] },
      })),
    );

    expect(await site.send({ ...act, headers: { 'x-from': 'pricing' } })).toMatchObject({ body });
    await site.flush();

    expect(site.api.events).toMatchObject([{ params: { plan: 'gold', from: 'pricing' } }]);
  });

  it.each(failures)('records nothing for a handler that failed: it %s', async (_, handler) => {
    let asked = 0;
    const details = (): object => ({ params: { asked: ++asked } });
    const site = await openWith(handler, TrackEvent('plan_chosen', details));

    expect(await site.send(act)).toMatchObject({ status: 500 });
    await site.flush();

    expect(site.api.requests).toEqual([]);
    expect(asked).toBe(0);
  });

  it.each<[string, () => never]>([
    [
      'throws',
      () => {
        throw mistake;
      },
    ],
    ['rejects', () => Promise.reject(mistake) as never],
  ])(
    'leaves the answer intact where the function for the details %s, and calls onError',
    async (how, details) => {
      const site = await openWith(() => ({ plan: 'gold' }), TrackEvent('plan_chosen', details));

      expect(await site.send(act)).toMatchObject({ status: 201, body: '{"plan":"gold"}' });
      await site.flush();

      expect(site.errors).toMatchObject([
        {
          code: 'callback_failed',
          cause: mistake,
          message: expect.stringContaining("@TrackEvent('plan_chosen')"),
        },
      ]);
      expect(site.api.events).toHaveLength(how === 'throws' ? 0 : 1);
    },
  );

  it('leaves the answer intact where the event is not valid, and calls onDrop', async () => {
    const site = await openWith(() => ({ plan: 'gold' }), TrackEvent('Plan chosen'));

    expect(await site.send(act)).toMatchObject({ status: 201, body: '{"plan":"gold"}' });
    await site.flush();

    expect(site.drops).toMatchObject([{ event: { eventUid: 'Plan chosen' }, reason: 'invalid' }]);
  });

  it('fails the request where the event is not valid and the tracker is strict, as a test wants it', async () => {
    const site = await openWith(() => ({}), TrackEvent('Plan chosen'), { tracker: { strict: true } });

    expect(await site.send(act)).toMatchObject({ status: 500 });
  });

  it('asks for no details where the tracker is not enabled', async () => {
    let asked = 0;
    const details = (): object => ({ params: { asked: ++asked } });
    const tracker = { enabled: false };
    const site = await openWith(() => ({ plan: 'gold' }), TrackEvent('plan_chosen', details), { tracker });

    expect(await site.send(act)).toMatchObject({ status: 201, body: '{"plan":"gold"}' });

    expect(asked).toBe(0);
  });

  it('may stand several times on one handler, in the order of all interceptors', async () => {
    const translate: NestInterceptor = {
      intercept: (_: ExecutionContext, next: CallHandler) => next.handle().pipe(map(() => 'for the client')),
    };
    @Controller()
    class Handlers {
      @Post('act')
      @TrackEvent('seen_inside', (result: string) => ({ params: { result } }))
      @UseInterceptors(translate)
      @TrackEvent('seen_outside', (result: string) => ({ params: { result } }))
      act(): string {
        return 'for us';
      }
    }
    const site = await openOn(platform, applicationOf(Handlers));

    await site.send(act);
    await site.flush();

    const seen = site.api.events.map(({ event_uid, params }) => [event_uid, params?.result]);
    expect(seen).toEqual([
      ['seen_inside', 'for us'],
      ['seen_outside', 'for the client'],
    ]);
  });

  it('records a stream of events once it is complete, and not where the visitor leaves before', async () => {
    const streams: Subject<{ data: string }>[] = [];
    @Controller()
    class Handlers {
      @Sse('stream')
      @TrackEvent('stream_watched', ({ data }: { data: string }) => ({ params: { last: data } }))
      stream(): Observable<{ data: string }> {
        const stream = new Subject<{ data: string }>();
        streams.push(stream);
        return stream;
      }
    }
    const site = await openOn(platform, applicationOf(Handlers));

    const visits = [site.start({ path: '/stream' }), site.start({ path: '/stream' })];
    await expect.poll(() => streams.length).toBe(2);
    for (const stream of streams) stream.next({ data: 'a first event' });
    await Promise.all(visits.map(({ begun }) => begun));
    visits[1]?.abort();
    await expect.poll(() => streams.filter(({ observed }) => observed).length).toBe(1);
    for (const stream of streams) {
      stream.next({ data: 'the last event' });
      stream.complete();
    }
    expect(await visits[0]?.answer).toMatchObject({ body: expect.stringContaining('the last event') });
    await site.flush();

    expect(site.api.events).toMatchObject([
      { event_uid: 'stream_watched', params: { last: 'the last event' } },
    ]);
    expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1, not_html: 1 } });
  });
});

describe.each(platforms)('@SkipTracking on $name', (platform) => {
  it('leaves out a handler in whose place an outer interceptor answers', async () => {
    @SkipTracking()
    @Controller()
    class Pages {
      @Get('page')
      @Header('content-type', 'text/html')
      page(): string {
        return 'not asked for';
      }
    }
    const cache: NestInterceptor = { intercept: () => of(page) };
    const site = await openOn(platform, (tracking) => {
      const providers = [signIn, { provide: APP_INTERCEPTOR, useValue: cache }];
      @Module({ imports: [tracking], controllers: [Pages], providers })
      class Application {}
      return Application;
    });

    expect(await site.get('/page')).toMatchObject({ status: 200, body: page });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { skipped: 1 } });
  });

  it('leaves out a handler, or all of a controller, and what they record themselves stays', async () => {
    @Controller('some')
    class SomeHandlers {
      @Get('page')
      @Header('content-type', 'text/html')
      page(): string {
        return page;
      }

      @SkipTracking()
      @Get('skipped')
      @Header('content-type', 'text/html')
      skipped(): string {
        return page;
      }
    }
    @SkipTracking()
    @Controller('all')
    class AllHandlers {
      @Get('skipped')
      @Header('content-type', 'text/html')
      skipped(@Track() track: RequestTrack, @Query('own') own?: string): string {
        if (own) track.pageview({ displayName: 'The one that counts' });
        track.event('step_taken');
        return page;
      }
    }
    const site = await openOn(platform, (tracking) => {
      @Module({ imports: [tracking], controllers: [SomeHandlers, AllHandlers], providers: [signIn] })
      class Application {}
      return Application;
    });

    for (const path of ['/some/page', '/some/skipped', '/all/skipped', '/all/skipped?own=yes']) {
      expect(await site.get(path)).toMatchObject({ status: 200, body: page });
    }
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 2, skipped: { skipped: 2 } });
    expect(site.visitUrls).toEqual([`${site.url}/some/page`, `${site.url}/all/skipped?own=yes`]);
    expect(site.api.events.filter(({ event_uid }) => event_uid === 'step_taken')).toHaveLength(2);
  });
});

describe.each(platforms)('@Track on $name', (platform) => {
  it('is the helper of the request', async () => {
    const tracks: unknown[] = [];
    @Controller()
    class Handlers {
      @Get('page')
      @Redirect('/elsewhere')
      page(@Track() track: RequestTrack): void {
        tracks.push(track);
        track.event('step_taken', { params: { step: 1 } });
      }
    }
    const site = await openOn(platform, applicationOf(Handlers));

    await site.get('/page');
    await site.flush();

    expect(site.api.events).toMatchObject([
      { contact_uid: 'ada', event_uid: 'step_taken', params: { step: 1 } },
    ]);
  });

  it('says what to do where no module follows requests', async () => {
    const errors: unknown[] = [];
    class Listener implements ExceptionFilter {
      catch(error: HttpException, host: ArgumentsHost): void {
        errors.push(error);
        host.switchToHttp().getResponse().status(500).send('');
      }
    }
    @UseFilters(new Listener())
    @Controller()
    class Handlers {
      @Get('page')
      page(@Track() track: RequestTrack): void {
        track.skip();
      }
    }
    const site = await openOn(platform, () => {
      @Module({ controllers: [Handlers] })
      class Application {}
      return Application;
    });

    await site.get('/page');

    expect(errors).toMatchObject([
      {
        code: 'invalid_options',
        message:
          '@Track() in Handlers.page: the request is not tracked; import TrackingModule.forRoot(…) in the root module',
      },
    ]);
  });
});

it('a controller with all decorators needs no module in a test of its own', async () => {
  @SkipTracking()
  @Controller()
  class Handlers {
    @Post('act')
    @TrackEvent('step_taken')
    act(@Track() track: RequestTrack): RequestTrack {
      return track;
    }
  }
  const module = await Test.createTestingModule({ controllers: [Handlers] }).compile();
  const track = {} as RequestTrack;

  expect(module.get(Handlers).act(track)).toBe(track);
});
