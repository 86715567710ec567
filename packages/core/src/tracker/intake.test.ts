import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Contact } from '../event/contact.js';
import type { TrackedEvent } from '../event/event.js';
import type { SendResult } from '../transport/transport.js';
import { type AdapterPort, adapterPort } from './adapter-port.js';
import type { TrackerOptions } from './options.js';
import { createTracker } from './tracker.js';

const uid = fc.oneof(fc.string(), fc.integer(), fc.bigInt());
const contact: fc.Arbitrary<Contact> = fc.record(
  { contactUid: uid, accountUid: fc.option(uid, { nil: undefined }) },
  { requiredKeys: ['contactUid'] },
);
const url = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((path) => `https://app.example.com/${path}`),
  fc.string(),
);

describe('an automatic pageview', () => {
  it.each<[string, TrackerOptions['beforeSend']]>([
    ['without beforeSend', undefined],
    ['with a beforeSend that changes nothing', (event) => event],
    ['with a beforeSend that adds params', (event) => ({ ...event, params: { a: 1 } }) as TrackedEvent],
    ['with a beforeSend that drops it', () => null],
  ])('becomes the bytes that a draft of the same becomes, %s', async (_, beforeSend) => {
    await fc.assert(
      fc.asyncProperty(contact, url, fc.date({ noInvalidDate: true }), async (who, visitUrl, date) => {
        const occurredAt = date.getTime();

        const drafted = await outcomeOf(beforeSend, (port) => {
          const draft = port.intake.draft('pageview', 'pageview', () => ({ visitUrl, occurredAt }));
          return draft && port.intake.submit(draft, who);
        });
        const direct = await outcomeOf(beforeSend, (port) => port.intake.pageview(who, visitUrl, occurredAt));

        expect(direct).toEqual(drafted);
      }),
      { numRuns: 50 },
    );
  });
});

/** What a tracker sends, drops and counts for what is done to its port. */
async function outcomeOf(
  beforeSend: TrackerOptions['beforeSend'],
  record: (port: AdapterPort) => boolean,
): Promise<unknown> {
  const sent: unknown[] = [];
  const dropped: unknown[] = [];
  const tracker = createTracker({
    transport: {
      send: async (events): Promise<SendResult> => {
        sent.push(...events);
        return { status: 'delivered' };
      },
    },
    beforeSend,
    onDrop: (event, reason, { message }) => dropped.push({ event, reason, message }),
    flushOnExit: false,
  });
  const { [adapterPort]: port } = tracker as unknown as { [adapterPort]: AdapterPort };
  const isAccepted = record(port);
  await tracker.close();
  return { isAccepted, sent, dropped, pageviews: tracker.stats().pageviews.recorded };
}
