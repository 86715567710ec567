import { connect } from 'node:http2';
import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Header,
  HttpException,
  Inject,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  type NestModule,
  type Provider,
  Req,
  Scope,
  type Type,
  Version,
  VersioningType,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, NestFactory, REQUEST } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { createRecorder } from '@successeve/testing';
import { page } from '@successeve/testing/adapter-contract';
import type { Observable } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { currentTrack, type RequestTrack, TrackingModule, type TrackingModuleOptions } from './index.js';
import { listen, type PlatformRequest, platforms } from './test-platforms.js';
import { openOn, signIn } from './test-site.js';

const asHtml = (): MethodDecorator => Header('content-type', 'text/html');

@Controller()
class Pages {
  @Get()
  @asHtml()
  root(): string {
    return page;
  }

  @Get('page')
  @asHtml()
  page(): string {
    return page;
  }

  @Version('2')
  @Get('versioned')
  @asHtml()
  versioned(): string {
    return page;
  }

  @Get('teapot')
  @asHtml()
  teapot(): string {
    throw new HttpException('short and stout', 418);
  }
}

function application(...providers: Provider[]): (tracking: DynamicModule) => Type {
  return (tracking) => {
    @Module({ imports: [tracking], controllers: [Pages], providers: [signIn, ...providers] })
    class Application {}
    return Application;
  };
}

describe.each(platforms)('$name: every request', (platform) => {
  it('is followed inside and outside a global prefix, found or not, with its original URL', async () => {
    const site = await openOn(platform, application(), {
      prepare: (app) => app.setGlobalPrefix('api', { exclude: ['/'] }),
    });

    for (const path of ['/', '/api/page?tab=2']) expect(await site.get(path)).toMatchObject({ status: 200 });
    for (const path of ['/page', '/api', '/api/', '/api/missing', '/missing/deeper?a=b']) {
      expect(await site.get(path)).toMatchObject({ status: 404 });
    }
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/`, `${site.url}/api/page?tab=2`]);
    expect(site.outcome).toEqual({ recorded: 2, skipped: { status: 5 } });
  });

  it('is followed where a guard sends the visitor away', async () => {
    const site = await openOn(platform, application());

    expect(await site.get('/page', { 'x-user': 'mallory' })).toMatchObject({ status: 403 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { status: 1 } });
  });

  it('is followed where an exception filter answers, and counts if that is a page', async () => {
    @Catch(HttpException)
    class Kindly implements ExceptionFilter {
      catch(error: HttpException, host: ArgumentsHost): void {
        const response = host.switchToHttp().getResponse();
        const request = host.switchToHttp().getRequest<PlatformRequest>();
        request.track.event('turned_away', { params: { status: error.getStatus() } });
        response
          .status(request.headers['x-kind'] ? 200 : 500)
          .header('content-type', 'text/html')
          .send(page);
      }
    }
    const site = await openOn(platform, application({ provide: APP_FILTER, useClass: Kindly }));

    await site.get('/teapot', { 'x-kind': 'yes' });
    await site.get('/teapot');
    await site.get('/missing');
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 1, skipped: { status: 2 } });
    expect(site.visitUrls).toEqual([`${site.url}/teapot`]);
    const statuses = site.api.events.flatMap(({ event_uid, params }) =>
      event_uid === 'turned_away' ? params?.status : [],
    );
    // No guard has run for what does not exist, so that no contact is known there.
    expect(statuses).toEqual([418, 418]);
    expect(site.drops).toMatchObject([{ event: { eventUid: 'turned_away' }, reason: 'no_contact' }]);
  });

  it.each([
    ['in the path', { type: VersioningType.URI } as const, '/v2/versioned', {}],
    [
      'in a header',
      { type: VersioningType.HEADER, header: 'x-version' } as const,
      '/versioned',
      { 'x-version': '2' },
    ],
  ])('is followed where its version stands %s', async (_, versioning, path, headers) => {
    const site = await openOn(platform, application(), {
      prepare: (app) => app.enableVersioning(versioning),
    });

    expect(await site.get(path, headers)).toMatchObject({ status: 200 });
    expect(await site.get('/versioned', { 'x-version': '3' })).toMatchObject({ status: 404 });
    await site.flush();

    expect(site.visitUrls).toEqual([site.url + path]);
    expect(site.outcome).toEqual({ recorded: 1, skipped: { status: 1 } });
  });

  it('has its track in guards, interceptors, request-scoped providers and handlers, and around them', async () => {
    const seen: [where: string, track: RequestTrack | undefined, current: RequestTrack | undefined][] = [];
    const see = (where: string, request: PlatformRequest): void => {
      seen.push([where, request.track, currentTrack()]);
    };

    @Injectable()
    class Guard implements CanActivate {
      async canActivate(context: ExecutionContext): Promise<boolean> {
        see('guard', context.switchToHttp().getRequest());
        return true;
      }
    }
    @Injectable()
    class Interceptor implements NestInterceptor {
      intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
        see('interceptor', context.switchToHttp().getRequest());
        return next.handle();
      }
    }
    @Injectable({ scope: Scope.REQUEST })
    class Service {
      constructor(@Inject(REQUEST) readonly request: PlatformRequest) {}
    }
    @Controller()
    class Handlers {
      constructor(@Inject(Service) readonly service: Service) {}

      @Get('page')
      async page(@Req() request: PlatformRequest): Promise<string> {
        see('handler', request);
        see('request-scoped provider', this.service.request);
        return page;
      }
    }
    const site = await openOn(
      platform,
      (tracking) => {
        const providers = [
          Service,
          { provide: APP_GUARD, useClass: Guard },
          { provide: APP_INTERCEPTOR, useClass: Interceptor },
        ];
        @Module({ imports: [tracking], controllers: [Handlers], providers })
        class Application {}
        return Application;
      },
      { tracking: { context: true } },
    );

    await site.get('/page');

    expect(seen.map(([where]) => where)).toEqual([
      'guard',
      'interceptor',
      'handler',
      'request-scoped provider',
    ]);
    const [track] = seen.map(([, track]) => track);
    expect(track).toBeDefined();
    for (const [, found, current] of seen) {
      expect(found).toBe(track);
      expect(current).toBe(track);
    }
  });

  it('is what the callbacks are given, as handlers see it', async () => {
    const handled: unknown[] = [];
    @Controller()
    class Handlers {
      @Get('page')
      @asHtml()
      page(@Req() request: PlatformRequest): string {
        handled.push(request);
        return page;
      }
    }
    const callback = (request: PlatformRequest): void => {
      asked.push(request);
    };
    const asked: PlatformRequest[] = [];
    const site = await openOn(
      platform,
      (tracking) => {
        @Module({ imports: [tracking], controllers: [Handlers], providers: [signIn] })
        class Application {}
        return Application;
      },
      {
        tracking: {
          identify(request) {
            callback(request);
            return request.user && { contactUid: request.user.id };
          },
          consent(request) {
            callback(request);
            return true;
          },
          pageviews({ request }) {
            callback(request);
            return true;
          },
          ignore: [(request) => Boolean(callback(request))],
        },
      },
    );

    await site.get('/page');
    await site.flush();

    expect(site.api.pageviews).toMatchObject([{ contact_uid: 'ada' }]);
    expect(asked.length).toBeGreaterThanOrEqual(4);
    for (const request of asked) expect(request).toBe(handled[0]);
    const [request] = asked;
    expect('raw' in (request ?? {})).toBe(platform.isFastify);
    if (request?.raw) expect((request.raw as unknown as PlatformRequest).track).toBe(request.track);
  });

  it('is known by what a Nest middleware puts on the request that middlewares see', async () => {
    const site = await openOn(
      platform,
      (tracking) => {
        @Module({ imports: [tracking], controllers: [Pages] })
        class Application implements NestModule {
          configure(consumer: MiddlewareConsumer): void {
            const authenticate = (request: PlatformRequest, _: unknown, next: () => void): void => {
              request.user = { id: String(request.headers['x-user']) };
              next();
            };
            consumer.apply(authenticate).forRoutes('*path');
          }
        }
        return Application;
      },
      {
        tracking: {
          identify(request) {
            const { user } = (request.raw as unknown as PlatformRequest | undefined) ?? request;
            return user && { contactUid: user.id };
          },
        },
      },
    );

    await site.get('/page?tab=2');
    await site.flush();

    expect(site.api.pageviews).toMatchObject([
      { contact_uid: 'ada', params: { visit_url: `${site.url}/page?tab=2` } },
    ]);
  });

  it.runIf(platform.isFastify)('counts over HTTP/2 too', async () => {
    const tracker = createRecorder();
    const tracking = TrackingModule.forRoot({ tracker, identify: () => ({ contactUid: 'ada' }) });
    @Module({ imports: [tracking], controllers: [Pages] })
    class Application {}
    const app = await NestFactory.create(Application, new FastifyAdapter({ http2: true } as never), {
      logger: false,
    });
    const url = await listen(app);
    const session = connect(url);
    onTestFinished(async () => {
      session.destroy();
      await app.close();
    });

    const browser = { 'sec-fetch-dest': 'document', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
    for (const path of ['/page?tab=2', '/missing']) {
      session.request({ ':path': path, ...browser }).resume();
    }
    await expect.poll(() => tracker.stats().pageviews.skipped.status).toBe(1);
    await expect.poll(() => tracker.pageviews).toHaveLength(1);

    expect(tracker.pageviews).toMatchObject([{ visitUrl: `${url}/page?tab=2` }]);
  });

  it('counts once where two modules follow it, and a warning says so', async () => {
    const site = await openOn(platform, (tracking, tracker) => {
      const useFactory = (): TrackingModuleOptions => ({
        tracker,
        identify: () => ({ contactUid: 'another' }),
      });
      const again = TrackingModule.forRootAsync({ useFactory });
      @Module({ imports: [tracking, again], controllers: [Pages], providers: [signIn] })
      class Application {}
      return Application;
    });

    await site.get('/page');
    await site.get('/page');
    await site.flush();

    expect(site.api.pageviews).toMatchObject([{ contact_uid: 'ada' }, { contact_uid: 'ada' }]);
    expect(site.outcome).toEqual({ recorded: 2, skipped: { duplicate: 2 } });
    expect(site.lines.filter((line) => line.includes('mounted twice'))).toHaveLength(1);
  });

  it('shows a proxy that the application does not trust, and a warning says so once', async () => {
    const site = await openOn(platform, application());
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example.com' };

    await site.get('/page', forwarded);
    await site.get('/page', forwarded);
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/page`, `${site.url}/page`]);
    const setting = platform.isFastify ? 'trustProxy' : "app.set('trust proxy'";
    expect(site.lines).toEqual([expect.stringContaining(setting)]);
  });
});
