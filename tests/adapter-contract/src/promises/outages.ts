import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { memoryQueue, type TrackerOptions } from '@successeve/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Answer, Sending } from '../browser.js';
import type { Site } from '../site.js';
import type { Suite } from '../suite.js';

/** One request to every route that answers to the end. */
const requests: readonly Sending[] = [
  { path: '/page' },
  { path: '/section/page?tab=2' },
  { path: '/act' },
  { method: 'POST', path: '/act' },
  { method: 'HEAD', path: '/page' },
  { path: '/conditional' },
  { path: '/json' },
  { path: '/redirect' },
  { path: '/missing' },
  { path: '/throw' },
  { path: '/reject' },
  { path: '/write-head' },
  { path: '/static/page.html' },
  { path: '/page', headers: { 'x-user': undefined } },
];

/** What an answer is to a browser, but for the time of day. */
async function answersOf(site: Site): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const sending of requests) {
    const { status, rawHeaders, body }: Answer = await site.send(sending);
    answers.push({ sending, status, rawHeaders: rawHeaders.filter((_, i) => !isDate(rawHeaders, i)), body });
  }
  return answers;
}

function isDate(rawHeaders: readonly string[], index: number): boolean {
  return index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'date';
}

/** Answers everything with something that is not HTTP. */
async function startBabble(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {}).end('what is this?\r\n\r\n');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function promiseOutages<Request>({ open }: Suite<Request>): void {
  const answersWithoutUs = async (): Promise<unknown[]> =>
    answersOf(await open({ application: { mounts: 0 } }));

  describe('the answer', () => {
    it('is the same to the byte as without the middleware', async () => {
      const expected = await answersWithoutUs();
      const site = await open({
        tracking: { context: true },
        application: { act: async (track) => track.event('step_taken') },
      });

      expect(await answersOf(site)).toEqual(expected);
      await site.flush();
      expect(site.api.events).not.toEqual([]);
    });

    it.each([
      ['is away', (site: Site) => site.api.close()],
      ['hangs', (site: Site) => site.api.reply(() => 'hang')],
      ['resets every connection', (site: Site) => site.api.reply(() => 'reset')],
      ['answers 503', (site: Site) => site.api.reply(() => 503)],
      ['answers 401', (site: Site) => site.api.reply(() => 401)],
      ['answers 429', (site: Site) => site.api.reply(() => 429)],
      [
        'answers garbage',
        (site: Site) => site.api.reply(() => ({ status: 500, body: '\u0000<h1>', headers: { 'x-a': 'b' } })),
      ],
    ])('is the same, and does not wait, while the API %s', async (_, breakDown) => {
      const expected = await answersWithoutUs();
      const site = await open({ application: { act: async (track) => track.event('step_taken') } });
      await breakDown(site);

      // Twice, since the second round meets a tracker that knows of the trouble. An answer that waited would not come.
      expect(await answersOf(site)).toEqual(expected);
      expect(await answersOf(site)).toEqual(expected);
      await site.ended();

      expect(site.tracker.stats()).toMatchObject({ delivered: 0, pageviews: { recorded: 12 } });
      const { pending } = await site.tracker.flush({ timeoutMs: 20 });
      expect(pending).toBeGreaterThanOrEqual(14);
    });

    it('is the same, and does not wait, while another program than the API answers', async () => {
      const expected = await answersWithoutUs();
      const site = await open({ tracker: { apiUrl: await startBabble() } });

      expect(await answersOf(site)).toEqual(expected);
      await site.ended();
      await expect.poll(() => site.errors).toMatchObject([{ code: 'unavailable' }]);
    });

    it('is the same while the queue is full, and onDrop gets every event that had no room', async () => {
      const expected = await answersWithoutUs();
      const queue = memoryQueue({ maxEvents: 2 });
      const site = await open({ tracker: { queue }, replies: () => 'hang' });

      expect(await answersOf(site)).toEqual(expected);
      await site.ended();

      const { accepted, queued, inFlight, dropped, pageviews } = site.tracker.stats();
      expect(accepted).toBe(pageviews.recorded);
      expect(queued + inFlight).toBe(2);
      expect(dropped.queue_full).toBe(accepted - 2);
      expect(site.drops.map(({ reason }) => reason)).toEqual(Array(accepted - 2).fill('queue_full'));
    });

    it('is the same where the tracker was closed', async () => {
      const expected = await answersWithoutUs();
      const site = await open({ application: { act: async (track) => track.event('step_taken') } });
      await site.tracker.close();

      expect(await answersOf(site)).toEqual(expected);
      await site.ended();

      expect(site.api.requests).toEqual([]);
      expect(site.drops[0]).toMatchObject({ event: { eventUid: 'pageview' }, reason: 'closed' });
    });

    it.each<[string, TrackerOptions]>([
      ['a token and an API', {}],
      ['nothing else', { apiToken: undefined, apiUrl: undefined }],
    ])('is the same with `enabled: false` and %s; req.track is there, and does nothing', async (_, rest) => {
      const expected = await answersWithoutUs();
      let asked = 0;
      const site = await open({
        tracker: { enabled: false, ...rest },
        tracking: {
          identify() {
            asked++;
            return { contactUid: 'ada' };
          },
        },
        application: {
          async act(track) {
            track.event('step_taken', { displayName: 'A step' });
            track.pageview({ visitUrl: 'https://app.example.com/' });
            track.identify({ contactUid: 'grace' });
            track.skip();
          },
        },
      });

      expect(await answersOf(site)).toEqual(expected);
      await site.get('/section/page', { 'x-forwarded-proto': 'https' });
      expect(await site.flush()).toEqual({ delivered: 0, pending: 0 });

      expect(asked).toBe(0);
      expect(site.api.requests).toEqual([]);
      expect(site.outcome).toEqual({ recorded: 0, skipped: {} });
      expect(site.tracker.stats()).toMatchObject({ accepted: 0 });
      expect([...site.drops, ...site.errors, ...site.lines]).toEqual([]);
    });
  });

  describe('an outage', () => {
    it('loses nothing: what happened during it is delivered once the API is back', async () => {
      const site = await open({ replies: [503, 'reset', 503] });

      for (const visit of [1, 2, 3, 4]) await site.get(`/page?visit=${visit}`);
      await site.flush();

      expect(site.visitUrls.toSorted()).toEqual(
        [1, 2, 3, 4].map((visit) => `${site.url}/page?visit=${visit}`),
      );
      expect(site.drops).toEqual([]);
    });
  });
}
