import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { type Answer, openSite, type Site } from '@successeve/testing/adapter-contract';
import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type NestBrowserOptions, TrackingModule } from './index.js';
import { create, listen, type PlatformRequest, platforms } from './test-platforms.js';

/** Where users come from, which only a module of the application's has. */
@Injectable()
class Users {
  find(name: unknown): { id: string; orgId: string } | undefined {
    return name ? { id: String(name), orgId: `org-of-${name}` } : undefined;
  }
}

/** As Passport and JWT guards do it: the user is put on the request that guards see. */
@Injectable()
class SignIn implements CanActivate {
  constructor(private readonly users: Users) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PlatformRequest>();
    request.user = this.users.find(request.headers['x-user']);
    if (!request.user) throw new UnauthorizedException();
    return context.getClass().name !== '' && context.getHandler().name !== '';
  }
}
Reflect.defineMetadata('design:paramtypes', [Users], SignIn);

/** Lets all in but one, by what is seen over time. */
const noMallory: CanActivate = {
  canActivate: (context) =>
    of(context.switchToHttp().getRequest<PlatformRequest>().headers['x-user'] !== 'mallory'),
};

@Controller()
class Pages {
  @Get('page')
  @UseGuards(SignIn)
  page(): string {
    return 'A page';
  }
}

function report(site: Site, user?: string): Promise<Answer> {
  return site.send({
    method: 'POST',
    path: '/seen',
    body: '{"page":"/inbox","age":0}',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain', 'x-user': user },
  });
}

describe.each(platforms)('browser on $name', (platform) => {
  function open(
    browser: NestBrowserOptions<PlatformRequest>,
    root: Partial<Record<'providers', never[]>> = {},
  ): Promise<Site> {
    return openSite<PlatformRequest>(
      {
        userOf: ({ user }: PlatformRequest) => user as { id: string; orgId: string } | undefined,
        rawOf: (request) => request.raw ?? (request as never),
        async mount(tracker, options) {
          @Module({ providers: [Users], exports: [Users] })
          class UsersModule {}
          @Module({
            imports: [UsersModule, TrackingModule.forRoot({ tracker, ...options, browser })],
            controllers: [Pages],
            ...root,
          })
          class Root {}
          const app = await create(platform, Root);
          return { url: await listen(app), close: () => app.close() };
        },
      },
      {},
    );
  }

  it('identifies by the guards that are named, and records no visitor whom one of them rejects', async () => {
    const site = await open({ guards: [SignIn, noMallory] });

    for (const user of ['ada', undefined, 'mallory', 'bob']) {
      expect(await report(site, user)).toMatchObject({ status: 204, body: '' });
    }
    await site.flush();

    expect(site.api.pageviews.map(({ contact_uid }) => contact_uid)).toEqual(['ada', 'bob']);
    expect(site.outcome).toEqual({ recorded: 2, skipped: { no_contact: 2 } });
  });

  it('is behind no guard of the whole application', async () => {
    const lockedOut = { provide: APP_GUARD, useValue: { canActivate: () => false } };
    const site = await open({}, { providers: [lockedOut as never] });

    expect((await site.get('/seen.js')).status).toBe(200);
    expect(await report(site, 'ada')).toMatchObject({ status: 204 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { no_contact: 1 } });
  });

  it.each([[{}], ['SignIn'], [[class {}]], [[undefined]]])('throws for the guards %j', (guards) => {
    const opening = open({ guards } as never);

    return expect(opening).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining('browser.guards: expected an array of guards'),
    });
  });

  it('identifies by a middleware of another module', async () => {
    const site = await openSite<PlatformRequest>(
      {
        userOf: ({ user, raw }) => (user ?? (raw as { user?: never } | undefined)?.user) as never,
        rawOf: (request) => request.raw ?? (request as never),
        async mount(tracker, options) {
          @Module({})
          class Sessions implements NestModule {
            configure(consumer: MiddlewareConsumer): void {
              consumer
                .apply((req: PlatformRequest, _res: unknown, next: () => void) => {
                  req.user = { id: String(req.headers['x-user']), orgId: 'org' };
                  next();
                })
                .forRoutes('{*path}');
            }
          }
          @Module({ imports: [TrackingModule.forRoot({ tracker, ...options, browser: true }), Sessions] })
          class Root {}
          const app = await create(platform, Root);
          return { url: await listen(app), close: () => app.close() };
        },
      },
      {},
    );

    await report(site, 'ada');
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
  });
});
