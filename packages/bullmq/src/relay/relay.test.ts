import { describe, expect, it } from 'vitest';
import { contactsOf, numbers, setStage, soon } from '../../test/stage.ts';
import { createRelay } from './relay.js';

const stage = setStage();
const visitUrl = 'https://example.com/';

describe('a relay', () => {
  it.each([false, true])(
    'delivers what was handed over, in order, and leaves no job (batch: %s)',
    async (batch) => {
      const api = await stage.startApi();
      const tracker = stage.tracker();
      for (let n = 0; n < 250; n++)
        tracker.event('tested', { contactUid: n, occurredAt: 1_700_000_000_000 + n });
      await tracker.flush();
      const relay = stage.relay(api, { batch, retry: { minDelayMs: 20 } });
      await api.waitForEvents(250);
      // Up to 16 requests are under way at once; a batch keeps its order in itself.
      if (batch) expect(contactsOf(api.events)).toEqual(numbers(250));
      else expect(contactsOf(api.events).sort()).toEqual(numbers(250).sort());
      expect(api.events[0]?.created_at).toBe(new Date(1_700_000_000_000).toISOString());
      await soon(async () => expect(await stage.keysLeft()).toEqual([]));
      expect(relay.stats()).toMatchObject({ delivered: { event: 250, pageview: 0 }, held: 0, takenOver: 0 });
      expect(relay.health()).toEqual({ isHealthy: true, problems: [] });
    },
  );

  it('puts explicit events before pageviews that were there long before', async () => {
    const api = await stage.startApi({ rateLimit: { limit: 20, windowMs: 1_000 } });
    const tracker = stage.tracker();
    for (let n = 0; n < 200; n++) tracker.pageview({ contactUid: `page${n}`, visitUrl });
    await tracker.flush();
    stage.relay(api);
    await api.waitForEvents(20);
    for (let n = 0; n < 30; n++) tracker.event('tested', { contactUid: `event${n}` });
    await tracker.flush();
    const before = api.events.length;
    await api.waitForEvents(before + 30);
    const next = contactsOf(api.events.slice(before, before + 30));
    // One request may have been under way.
    expect(next.filter((contact) => contact.startsWith('event')).length).toBeGreaterThanOrEqual(29);
  });

  it('delivers updates of contacts and accounts, which wait in their own queues', async () => {
    const api = await stage.startApi();
    const tracker = stage.tracker();
    tracker.event('tested', { contactUid: 1 });
    tracker.contact(1, { name: 'Ada', accountUid: 2 });
    tracker.account(2, { name: 'Acme' });
    await tracker.flush();
    const queues = ['', '-contacts', '-accounts'].map((suffix) => stage.queue(suffix));
    expect(await Promise.all(queues.map((queue) => queue.getWaitingCount()))).toEqual([1, 1, 1]);
    const relay = stage.relay(api);
    await api.waitForEvents(1);
    await soon(() =>
      expect(relay.stats().delivered).toEqual({ account: 1, contact: 1, event: 1, pageview: 0 }),
    );
    expect(api.contacts).toMatchObject([{ contact_uid: '1', params: { name: 'Ada', account_uid: '2' } }]);
    expect(api.accounts).toMatchObject([{ account_uid: '2', params: { name: 'Acme' } }]);
  });

  it('puts a job back that needs a newer relay, logs that, and goes on', async () => {
    const api = await stage.startApi();
    const queue = stage.queue();
    await queue.add('contact', { v: 1, contacts: [] });
    await queue.add('event', { v: 2, somethingElse: true });
    await stage.handOver(1);
    stage.relay(api);
    await api.waitForEvents(1);
    await soon(async () => expect(await queue.getDelayedCount()).toBe(2));
    expect(await queue.getFailedCount()).toBe(0);
    expect(stage.problems).toEqual([
      ['warn', 'put a job back that needs a newer version of the relay (job 1, contact)'],
    ]);
  });

  it('logs the loss of a job without its events, keeps it as a failed job, and goes on', async () => {
    const api = await stage.startApi();
    const queue = stage.queue();
    const job = await queue.add('event', { v: 1, events: [] });
    await stage.handOver(1);
    // As Redis does it where its maxmemory-policy is not noeviction.
    await stage.client().del(`bull:${stage.queueName}:${job.id}`);
    const relay = stage.relay(api);
    await api.waitForEvents(1);
    const [failed] = await stage.failed(1);
    const loss =
      'the events of a job are lost: Redis has evicted them, because its maxmemory-policy is not noeviction, or someone has deleted them';
    expect(failed).toMatchObject({ id: job.id, failedReason: loss });
    expect(stage.problems).toEqual([['error', `${loss} (job ${job.id})`]]);
    expect(relay.health()).toEqual({ isHealthy: false, problems: [loss] });
    expect(relay.stats().lostJobs).toBe(1);
    expect(await relay.metrics()).toContain('successeve_relay_lost_jobs_total 1');
  });

  it('delivers events of a job with unknown fields', async () => {
    const api = await stage.startApi();
    const body = JSON.stringify({ contact_uid: '1', event_uid: 'tested' });
    await stage
      .queue()
      .add('event', { v: 1, isNew: true, events: [{ body, occurredAt: Date.now(), also: 1 }] });
    stage.relay(api);
    await api.waitForEvents(1);
  });

  it('shows its token to the API alone', async () => {
    const api = await stage.startApi({ token: 'a-token-that-nobody-else-may-see' });
    api.reply(({ events }) =>
      events[0]?.event_uid === 'poison' ? { status: 422, body: `no: ${api.token}` } : undefined,
    );
    const tracker = stage.tracker();
    tracker.event('tested', { contactUid: 1 });
    tracker.event('poison', { contactUid: 2 });
    await tracker.flush();
    const relay = stage.relay(api);
    await stage.failed(1);
    const client = stage.client();
    const keys = await client.keys('*');
    const contents = await Promise.all(keys.map((key) => client.dump(key)));
    expect(keys.some((key) => key.startsWith('bull:successeve-budget:'))).toBe(true);
    const everything = [keys, contents, stage.log, relay.stats(), await relay.metrics(), relay.health()];
    expect(JSON.stringify(everything)).not.toContain(api.token);
    expect(JSON.stringify(everything)).not.toContain(Buffer.from(`${api.token}:`).toString('base64'));
  });

  it.each([
    [
      { apiToken: '' },
      'apiToken: expected a non-empty string, here or in SUCCESSEVE_API_TOKEN, got an empty string',
    ],
    [{ leaseMs: 10 }, 'leaseMs: expected an integer from 1000 to 300000, got 10'],
    [
      { logger: 'console' },
      'logger: expected an object with the methods debug, warn, error, got a string of 7 characters',
    ],
    [{ batch: { maxEvents: 101 } }, 'batch.maxEvents: expected an integer from 1 to 100, got 101'],
    [
      { connection: '' },
      'connection: expected a redis: or rediss: URL, options of ioredis or a client of it, got an empty string',
    ],
    [
      { apiUrl: 'http://example.com' },
      'apiUrl: expected https:, or http: to loopback, since a token must not travel in clear, got http:',
    ],
  ])('rejects %j', (options, message) => {
    const valid = { connection: stage.redis.url, apiToken: 'token' };
    expect(() => createRelay({ ...valid, ...options } as never)).toThrow(
      expect.objectContaining({ code: 'invalid_options', message }),
    );
  });
});

describe('an event that the API rejects', () => {
  it.each([false, true])(
    'becomes a failed job with status and body, and the others are delivered (batch: %s)',
    async (batch) => {
      const api = await stage.startApi();
      api.reply(({ events }) =>
        events.some(({ event_uid }) => event_uid === 'poison')
          ? { status: 422, body: 'contact_uid: unknown' }
          : undefined,
      );
      const tracker = stage.tracker();
      for (let n = 0; n < 60; n++) tracker.event(n % 20 === 7 ? 'poison' : 'tested', { contactUid: n });
      tracker.pageview({ contactUid: 'page', visitUrl });
      await tracker.flush();
      const relay = stage.relay(api, { batch });
      await api.waitForEvents(58);
      const failed = await stage.failed(3);
      const contacts = failed.map(({ data }) =>
        data.events.map(({ body }: { body: string }) => JSON.parse(body).contact_uid),
      );
      expect(contacts.sort()).toEqual([['27'], ['47'], ['7']].sort());
      for (const { failedReason, data } of failed) {
        expect(failedReason).toBe('the API answered 422: contact_uid: unknown');
        expect(data.rejection).toMatchObject({
          status: 422,
          body: 'contact_uid: unknown',
          reason: 'the API answered 422',
        });
      }
      expect(relay.stats().rejected).toEqual({ account: 0, contact: 0, event: 3, pageview: 0 });
      // What the API answered may repeat what the event held, and is in no log.
      expect(JSON.stringify(stage.log)).not.toContain('unknown');
      await soon(async () => expect(await stage.queue().getActiveCount()).toBe(0));
    },
  );

  it('is sent again when its job is retried, and fails again or is delivered', async () => {
    const api = await stage.startApi();
    let isRejected = true;
    api.reply(({ events }) => (isRejected && events[0]?.event_uid === 'poison' ? 422 : undefined));
    const tracker = stage.tracker();
    for (let n = 0; n < 5; n++) tracker.event(n === 3 ? 'poison' : 'tested', { contactUid: n });
    await tracker.flush();
    stage.relay(api);
    const [job] = await stage.failed(1);
    const rejectedAt = job?.data.rejection.rejectedAt;
    await job?.retry();
    await soon(async () => {
      const [again] = await stage.queue().getFailed();
      expect(again?.data.rejection.rejectedAt).toBeGreaterThan(rejectedAt);
    });
    isRejected = false;
    await job?.retry();
    await api.waitForEvents(5);
    await soon(async () => expect(await stage.keysLeft()).toEqual([]));
  });

  it('is given up after ten failures of its own, when it makes the API fail', async () => {
    const api = await stage.startApi();
    api.reply(({ events }) =>
      events[0]?.event_uid === 'poison' ? { status: 500, body: 'crashed' } : undefined,
    );
    const tracker = stage.tracker();
    for (let n = 0; n < 40; n++) tracker.event(n === 3 ? 'poison' : 'tested', { contactUid: n });
    await tracker.flush();
    stage.relay(api, { retry: { minDelayMs: 5, maxDelayMs: 20 } });
    await api.waitForEvents(39);
    const [job] = await stage.failed(1);
    expect(job?.failedReason).toMatch(
      /^the API failed 10 times on this event while it accepted others: .*: crashed$/,
    );
    expect(job?.data.rejection).toMatchObject({ status: 500, body: 'crashed' });
  });
});
