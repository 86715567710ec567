// An application as a compiler makes it of decorators, with whatever copies of its packages it is handed.
'use strict';

exports.start = async ({ common, core, platform, nestjs }, argv) => {
  const tracker = nestjs.createTracker({ batch: { maxWaitMs: 600_000 } });

  class Pages {
    page() {
      return '<!doctype html><title>A page</title>';
    }

    async choosePlan(track, { plan }) {
      track.event('plan_seen', { params: { plan } });
      nestjs.currentTrack().event('plan_seen_in_context');
      return { plan };
    }
  }
  decorate(Pages, 'page', [common.Get('page'), common.Header('content-type', 'text/html')]);
  decorate(Pages, 'choosePlan', [
    common.Post('plan'),
    nestjs.TrackEvent('plan_chosen', ({ plan }) => ({ params: { plan } })),
  ]);
  nestjs.Track()(Pages.prototype, 'choosePlan', 0);
  common.Body()(Pages.prototype, 'choosePlan', 1);
  common.Controller()(Pages);

  class Root {
    constructor(injected) {
      if (injected !== tracker) throw new Error('TRACKER is not the tracker');
    }
  }
  common.Inject(nestjs.TRACKER)(Root, undefined, 0);
  const guard = {
    canActivate(context) {
      const request = context.switchToHttp().getRequest();
      request.user = { id: request.headers['x-user'] };
      return true;
    },
  };
  common.Module({
    imports: [
      nestjs.TrackingModule.forRootAsync({
        useFactory: async () => ({
          tracker,
          context: true,
          identify: ({ user }) => user && { contactUid: user.id },
        }),
      }),
    ],
    controllers: [Pages],
    providers: [{ provide: core.APP_GUARD, useValue: guard }],
  })(Root);

  const [Adapter] = argv.includes('fastify') ? [platform.FastifyAdapter] : [platform.ExpressAdapter];
  const app = await core.NestFactory.create(Root, new Adapter(), { logger: ['error', 'warn'] });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  console.log(`Ready at ${await app.getUrl()}`);
};

function decorate(type, method, decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(type.prototype, method);
  for (const decorator of decorators.reverse()) decorator(type.prototype, method, descriptor);
}
