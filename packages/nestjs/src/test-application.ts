import { All, Body, Controller, Get, Header, HttpCode, Module, Redirect, Req, Res } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type AdapterUnderTest,
  bigPage,
  failure,
  page,
  staticFolder,
  type User,
} from '@successeve/testing/adapter-contract';
import { TrackingModule } from './index.js';
import {
  create,
  listen,
  type Platform,
  type PlatformRequest,
  type PlatformResponse,
  takeOver,
} from './test-platforms.js';

/** The application of the contract suite, on one platform. */
export function mountOn(platform: Platform): AdapterUnderTest<PlatformRequest> {
  return {
    userOf: ({ user }) => user as User | undefined,
    rawOf: (request) => request.raw ?? (request as never),
    async mount(tracker, options, { mounts, trustsProxy, head, status, authenticate, act }) {
      @Controller()
      class Pages {
        @Get(['page', 'section/page'])
        @Header('content-type', 'text/html')
        page(): string {
          return page;
        }

        @Get('conditional')
        @Header('content-type', 'text/html')
        @Header('etag', '"a page"')
        conditional(
          @Req() request: PlatformRequest,
          @Res({ passthrough: true }) response: PlatformResponse,
        ): string {
          return isFresh(request, response, '"a page"') ? '' : page;
        }

        @Get('big')
        @Header('content-type', 'text/html')
        big(): string {
          return bigPage;
        }

        @Get('json')
        @Header('etag', '"a value"')
        json(
          @Req() request: PlatformRequest,
          @Res({ passthrough: true }) response: PlatformResponse,
        ): object | string {
          return isFresh(request, response, '"a value"') ? '' : { a: 'value' };
        }

        @Get('redirect')
        @Redirect('/page')
        redirect(): void {}

        @Get('throw')
        throw(): void {
          throw failure();
        }

        @Get('reject')
        async reject(): Promise<void> {
          throw failure();
        }

        @All('act')
        @HttpCode(200)
        @Header('content-type', 'text/html')
        async act(@Req() request: PlatformRequest, @Body() body: unknown): Promise<string> {
          await act(request.track, body);
          return page;
        }

        @Get('stream')
        stream(@Res() response: PlatformResponse): void {
          const raw = takeOver(response);
          raw.writeHead(200, { 'content-type': 'text/event-stream' });
          raw.write('data: the first of many\n\n');
        }

        @Get('write-head')
        writeHead(@Res() response: PlatformResponse): void {
          takeOver(response).writeHead(status, head).end(page);
        }
      }

      const tracked = mounts > 0 ? [TrackingModule.forRoot({ tracker, ...options })] : [];
      @Module({ imports: tracked, controllers: [Pages] })
      class Application {}

      const app = await create(platform, Application, trustsProxy ? 'loopback' : undefined);
      platform.authenticate(app, async (request) => {
        request.user = await authenticate(request.headers, request.track);
      });
      if (platform.isFastify) {
        (app as NestFastifyApplication).useStaticAssets({ root: staticFolder, prefix: '/static/' });
      } else (app as NestExpressApplication).useStaticAssets(staticFolder, { prefix: '/static' });
      const url = await listen(app);
      return { url, close: () => app.close() };
    },
  };
}

/** Answers 304 where the browser has that already, which Fastify leaves to its applications. */
function isFresh({ headers }: PlatformRequest, response: PlatformResponse, etag: string): boolean {
  if (headers['if-none-match'] !== etag) return false;
  response.status(304);
  return true;
}
