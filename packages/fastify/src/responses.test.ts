import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { page, staticFolder } from '@successeve/testing/adapter-contract';
import { describe, expect, it } from 'vitest';
import { open } from './test-site.js';

describe('a body that is a stream', () => {
  it.each<[string, () => unknown]>([
    ['of a file', () => createReadStream(`${staticFolder}/page.html`)],
    ['of Node', () => Readable.from([page])],
    ['of the web', () => new Blob([page]).stream()],
    ['in a Response', () => new Response(page, { headers: { 'content-type': 'text/html' } })],
  ])('counts when it was sent to its end: %s', async (_, body) => {
    const site = await open((app) => app.get('/page', (_, reply) => reply.type('text/html').send(body())));

    expect(await site.get()).toMatchObject({ status: 200 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 1, skipped: {} });
  });

  it('does not count where the file is missing', async () => {
    const site = await open((app) =>
      app.get('/page', (_, reply) => reply.type('text/html').send(createReadStream('/missing.html'))),
    );

    expect(await site.get()).toMatchObject({ status: 500 });
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { status: 1 } });
  });

  it.each(['breaks off', 'is left by the visitor'])('does not count where it %s', async (how) => {
    const body = new PassThrough();
    body.write(page);
    const site = await open((app) => app.get('/page', (_, reply) => reply.type('text/html').send(body)));

    const visit = site.start({ path: '/page' });
    await visit.begun;
    if (how === 'breaks off') body.destroy(new Error('the source failed'));
    else visit.abort();
    await expect(visit.answer).rejects.toThrow();
    await site.flush();

    expect(site.outcome).toEqual({ recorded: 0, skipped: { aborted: 1 } });
  });
});

describe('reply.hijack()', () => {
  it('leaves the answer to the handler, and what that sends counts', async () => {
    const site = await open((app) => {
      app.get('/:status', async (request, reply) => {
        reply.hijack();
        await turn();
        const { status } = request.params as { status: string };
        reply.raw.writeHead(Number(status), { 'content-type': 'text/html' }).end(page);
      });
    });

    for (const status of [200, 410]) expect(await site.get(`/${status}`)).toMatchObject({ status });
    await site.flush();

    expect(site.visitUrls).toEqual([`${site.url}/200`]);
    expect(site.outcome).toEqual({ recorded: 1, skipped: { status: 1 } });
  });
});
