import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import {
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Inject,
  type LoggerService,
  Module,
  UseFilters,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { createRecorder, type Recorder } from '@successeve/testing';
import { firstValueFrom, of } from 'rxjs';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type RequestTrack,
  SkipTracking,
  TRACKER,
  Track,
  TrackEvent,
  type Tracker,
  TrackingModule,
} from './index.js';
import { create, listen, platforms } from './test-platforms.js';

const caught: unknown[] = [];
const warnings: unknown[] = [];
const logger: LoggerService = { log() {}, error() {}, warn: (message) => warnings.push(message) };

beforeEach(() => {
  caught.length = 0;
  warnings.length = 0;
});

@Catch()
class Remember implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): unknown {
    caught.push(error);
    const client = host.switchToWs().getClient();
    if (host.getType() === 'ws') return client.send(JSON.stringify({ event: 'rejected' }));
    return of('rejected');
  }
}

function rootOf(
  tracker: Tracker,
  handlers: { controllers?: never[]; providers?: never[] },
): new () => unknown {
  const tracking = TrackingModule.forRoot({ tracker, identify: () => ({ contactUid: 'ada' }) });
  @Module({ imports: [tracking], ...handlers })
  class Root {}
  return Root;
}

function expectExplanation(handlers: string, type: string): void {
  const why = `expected an HTTP request, got a message (${type}); inject TRACKER and name the contact`;
  expect(caught).toMatchObject([
    { code: 'invalid_options', message: `@Track() in ${handlers}.useTrack: ${why}` },
  ]);
  expect(warnings).toEqual([`@TrackEvent('plan_chosen') in ${handlers}.choosePlan: ${why}`]);
}

describe.each(platforms)('a WebSocket gateway on $name', (platform) => {
  it('has no request: @Track says what to do, and @TrackEvent leaves the answer intact', async () => {
    @WebSocketGateway({ path: '/messages' })
    @UseFilters(new Remember())
    @SkipTracking()
    class Gateway {
      constructor(@Inject(TRACKER) private readonly tracker: Tracker) {}

      @SubscribeMessage('choose_plan')
      @TrackEvent('plan_chosen')
      choosePlan(@MessageBody() plan: string): object {
        this.tracker.event('plan_seen', { contactUid: 'ada', params: { plan } });
        return { event: 'chosen', data: plan };
      }

      @SubscribeMessage('use_track')
      useTrack(@Track() track: RequestTrack): void {
        track.skip();
      }
    }
    const tracker = createRecorder();
    const app = await create(platform, rootOf(tracker, { providers: [Gateway as never] }));
    app.useLogger(logger);
    app.useWebSocketAdapter(new WsAdapter(app));
    onTestFinished(() => app.close());
    const url = await listen(app);

    const socket = new WebSocket(`${url.replace('http', 'ws')}/messages`);
    await once(socket, 'open');
    const say = async (event: string, data?: string): Promise<unknown> => {
      const answered = once(socket, 'message');
      socket.send(JSON.stringify({ event, data }));
      const [answer] = await answered;
      return JSON.parse(answer.data);
    };
    for (const plan of ['basic', 'gold']) {
      expect(await say('choose_plan', plan)).toEqual({ event: 'chosen', data: plan });
    }
    expect(await say('use_track')).toEqual({ event: 'rejected' });
    socket.close();
    await once(socket, 'close');

    expectExplanation('Gateway', 'ws');
    expect(tracker.events).toMatchObject([{ params: { plan: 'basic' } }, { params: { plan: 'gold' } }]);
    expect(Object.values(tracker.stats().pageviews.skipped).every((count) => count === 0)).toBe(true);
  });
});

describe('a microservice', () => {
  it('has no request: @Track says what to do, and @TrackEvent leaves the answer intact', async () => {
    @Controller()
    @UseFilters(new Remember())
    @SkipTracking()
    class Handlers {
      constructor(@Inject(TRACKER) private readonly tracker: Tracker) {}

      @MessagePattern('choose_plan')
      @TrackEvent('plan_chosen')
      choosePlan(@Payload() plan: string): string {
        this.tracker.event('plan_seen', { contactUid: 'ada', params: { plan } });
        return plan;
      }

      @MessagePattern('use_track')
      useTrack(@Track() track: RequestTrack): void {
        track.skip();
      }
    }
    const tracker: Recorder = createRecorder();
    const app = await NestFactory.createMicroservice(rootOf(tracker, { controllers: [Handlers as never] }), {
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: 0 },
      logger,
    });
    await app.listen();
    const { port } = app.unwrap<Server>().address() as AddressInfo;
    const client = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port },
    });
    const send = (pattern: string, data: string): Promise<unknown> =>
      firstValueFrom(client.send(pattern, data));

    for (const plan of ['basic', 'gold']) expect(await send('choose_plan', plan)).toBe(plan);
    expect(await send('use_track', '')).toBe('rejected');
    await client.close();
    await app.close();

    expectExplanation('Handlers', 'rpc');
    expect(tracker.stats()).toMatchObject({ accepted: 2, delivered: 2 });
  });
});
