import { expect, it } from 'vitest';
import { connect } from '../../test/recording-tracker.js';
import { delivered, rejected, stubTransport } from '../../test/stub-transport.js';

it('debug lines and log lines name what was sent and dropped', async () => {
  const lines: string[] = [];
  const write = (line: string): number => lines.push(line);
  const { transport } = stubTransport((events) =>
    events.some(({ body }) => body.includes('bad')) ? rejected(422) : delivered,
  );
  const tracker = connect({
    transport,
    batch: true,
    debug: true,
    logger: { debug: write, warn: write, error: write },
    onDrop: undefined,
    onError: undefined,
  });
  tracker.contact(1, { name: 'Ada' });
  tracker.contact(2, { name: 'Grace' });
  tracker.account(3, { name: 'Acme' });
  tracker.event('signed_in', { contactUid: 1 });
  await tracker.flush();
  tracker.account(4, { name: 'bad' });
  await tracker.flush();
  expect(lines).toEqual([
    expect.stringMatching(/sent 1 account, 2 contacts, 1 event in \d+ ms: delivered$/),
    expect.stringMatching(/dropped an account \(rejected\): not accepted$/),
    expect.stringMatching(/sent 1 account in \d+ ms: rejected/),
  ]);
});
