import { expect, it } from 'vitest';
import { startFakeApi } from '../../test/fake-api.js';
import { createTracker, httpTransport, type Transport } from '../index.js';

it('the default transport can be wrapped by one of your own', async () => {
  await using api = await startFakeApi();
  const seen: string[] = [];
  const http = httpTransport({ apiToken: api.token, apiUrl: api.url });
  const transport: Transport = {
    async send(events, options) {
      const result = await http.send(events, options);
      seen.push(result.status);
      return result;
    },
    close: () => http.close?.(),
  };
  const tracker = createTracker({ transport, flushOnExit: false });
  tracker.event('tested', { contactUid: 1 });
  expect(await tracker.close()).toEqual({ delivered: 1, pending: 0 });
  expect(seen).toEqual(['delivered']);
  expect(api.events).toMatchObject([{ contact_uid: '1' }]);
});

it('the default transport rejects the options that a tracker rejects', () => {
  expect(() => httpTransport({ apiToken: '' })).toThrow(
    expect.objectContaining({
      code: 'invalid_options',
      message: expect.stringMatching(/^apiToken: expected/),
    }),
  );
});
