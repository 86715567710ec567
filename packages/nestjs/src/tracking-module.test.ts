import {
  Controller,
  type DynamicModule,
  Get,
  Header,
  type INestApplication,
  Inject,
  Injectable,
  Module,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { createRecorder, type Recorder } from '@successeve/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RequestTrack, TrackingOptionsFactory } from './index.js';
import { TRACKER, Track, type Tracker, TrackingModule, type TrackingModuleOptions } from './index.js';
import { create, listen, type PlatformRequest, platforms } from './test-platforms.js';

const visitor = {
  'sec-fetch-dest': 'document',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
  'x-user': 'ada',
};

function identify({ headers }: PlatformRequest): { contactUid: string } | undefined {
  const name = headers['x-user'];
  return name ? { contactUid: String(name) } : undefined;
}

@Controller()
class Pages {
  @Get('page')
  @Header('content-type', 'text/html')
  page(@Track() track: RequestTrack): string {
    track.event('page_made');
    return 'A page';
  }
}

/** What knows the options in an application: its configuration. */
@Injectable()
class Configuration implements TrackingOptionsFactory {
  readonly tracker: Recorder = createRecorder();

  async create(): Promise<TrackingModuleOptions> {
    return { tracker: this.tracker, identify };
  }
}

@Module({ providers: [Configuration], exports: [Configuration] })
class ConfigurationModule {}

function rootOf(...imports: (DynamicModule | Type)[]): Type {
  @Module({ imports, controllers: [Pages] })
  class Root {}
  return Root;
}

async function visit(app: INestApplication): Promise<void> {
  onTestFinished(() => app.close());
  const answer = await fetch(`${await listen(app)}/page`, { headers: visitor });
  expect(answer.status).toBe(200);
  await app.get<Tracker>(TRACKER).flush();
}

describe.each(platforms)('TrackingModule on $name', (platform) => {
  it.each<[string, () => DynamicModule]>([
    ['forRoot', () => TrackingModule.forRoot({ tracker: createRecorder(), identify })],
    ['forRoot with a function', () => TrackingModule.forRoot({ tracker: () => createRecorder(), identify })],
    [
      'forRootAsync with useFactory and inject',
      () =>
        TrackingModule.forRootAsync({
          imports: [ConfigurationModule],
          inject: [Configuration],
          useFactory: async ({ tracker }: Configuration) => ({ tracker, identify }),
        }),
    ],
    ['forRootAsync with useClass', () => TrackingModule.forRootAsync({ useClass: Configuration })],
    [
      'forRootAsync with useExisting',
      () => TrackingModule.forRootAsync({ imports: [ConfigurationModule], useExisting: Configuration }),
    ],
  ])('is set up by %s', async (_, setUp) => {
    const app = await create(platform, rootOf(setUp()));

    await visit(app);

    const { events } = app.get<Recorder>(TRACKER);
    expect(events.map(({ eventUid, contactUid }) => [eventUid, contactUid])).toEqual([
      ['page_made', 'ada'],
      ['pageview', 'ada'],
    ]);
  });

  it('injects the tracker by TRACKER, in every module', async () => {
    @Injectable()
    class Billing {
      constructor(@Inject(TRACKER) readonly tracker: Tracker) {}
    }
    @Module({ providers: [Billing] })
    class Feature {}
    const tracker = createRecorder();

    const app = await create(platform, rootOf(Feature, TrackingModule.forRoot({ tracker, identify })));
    onTestFinished(() => app.close());

    expect(app.get(Billing).tracker).toBe(tracker);
  });

  it('hands it with `isGlobal: false` to modules that import it alone', async () => {
    @Injectable()
    class Billing {
      constructor(@Inject(TRACKER) readonly tracker: Tracker) {}
    }
    @Module({ providers: [Billing] })
    class Feature {}
    const tracking = TrackingModule.forRoot({ tracker: createRecorder(), identify, isGlobal: false });

    await expect(create(platform, rootOf(Feature, tracking))).rejects.toThrow(/Billing/);
    const app = await create(platform, rootOf(tracking));
    await visit(app);

    expect(app.get<Recorder>(TRACKER).pageviews).toHaveLength(1);
  });

  it.each<[string, () => Partial<TrackingModuleOptions>, RegExp]>([
    ['no tracker', () => ({ tracker: undefined as never }), /tracker: expected what createTracker returned/],
    ['no identify', () => ({ identify: undefined as never }), /identify: expected a function/],
    ['a wrong option', () => ({ ignore: 'all' as never }), /ignore: expected an array/],
  ])('does not start with %s, and says what was expected', async (_, wrong, message) => {
    const options = { tracker: createRecorder(), identify, ...wrong() };
    for (const tracking of [
      TrackingModule.forRoot(options),
      TrackingModule.forRootAsync({ useFactory: async () => options }),
    ]) {
      const starting = create(platform, rootOf(tracking));
      await expect(starting).rejects.toMatchObject({
        code: 'invalid_options',
        message: expect.stringMatching(message),
      });
    }
  });

  it.each([undefined, null, 'options'])('throws at once for %s in place of options', (options) => {
    expect(() => TrackingModule.forRoot(options as never)).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringContaining('TrackingModule.forRoot: expected { tracker, identify, … }, got'),
      }),
    );
  });

  it('works in a testing module, where a recorder can take the place of the tracker', async () => {
    const tracker = createRecorder();
    const module = await Test.createTestingModule({
      imports: [rootOf(TrackingModule.forRoot({ tracker: createRecorder(), identify }))],
    })
      .overrideProvider(TRACKER)
      .useValue(tracker)
      .compile();
    const app = module.createNestApplication(platform.adapter(), { logger: false });

    await visit(app);

    expect(tracker.events.map(({ eventUid }) => eventUid)).toEqual(['page_made', 'pageview']);
  });

  it('creates no tracker where a test overrides it, so that no token is needed there', async () => {
    const tracker = createRecorder();
    const missing = (): never => {
      throw new Error('SUCCESSEVE_API_TOKEN is not set');
    };
    const options = { tracker: missing, identify };
    const tracking = TrackingModule.forRootAsync({ useFactory: () => options });
    const module = await Test.createTestingModule({ imports: [rootOf(tracking)] })
      .overrideProvider(TRACKER)
      .useValue(tracker)
      .compile();

    await visit(module.createNestApplication(platform.adapter(), { logger: false }));

    expect(tracker.events.map(({ eventUid }) => eventUid)).toEqual(['page_made', 'pageview']);
    await expect(create(platform, rootOf(tracking))).rejects.toThrow('SUCCESSEVE_API_TOKEN is not set');
  });

  it('costs nothing where the tracker is not enabled', async () => {
    const tracker = createRecorder({ enabled: false });
    const app = await create(platform, rootOf(TrackingModule.forRoot({ tracker, identify })));

    await visit(app);

    expect(tracker.events).toEqual([]);
  });
});

describe('TrackingModule without a server', () => {
  it.each([
    ['no tracker', { tracker: undefined as never, identify }],
    ['no options', undefined as never],
  ])('does not start with %s either', async (_, options) => {
    const root = rootOf(TrackingModule.forRootAsync({ useFactory: () => options }));

    const starting = NestFactory.createApplicationContext(root, { logger: false, abortOnError: false });
    await expect(starting).rejects.toMatchObject({ code: 'invalid_options' });
  });

  it('hands out the tracker in a standalone application, and closes it', async () => {
    const tracker = createRecorder({ onDrop: () => {} });
    const root = rootOf(TrackingModule.forRoot({ tracker, identify }));
    const context = await NestFactory.createApplicationContext(root, { logger: false });

    context.get<Tracker>(TRACKER).event('imported', { contactUid: 'ada' });
    await context.close();

    expect(tracker.stats()).toMatchObject({ accepted: 1, delivered: 1 });
    tracker.event('imported', { contactUid: 'ada' });
    expect(tracker.stats().dropped.closed).toBe(1);
  });
});
