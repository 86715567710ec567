import { expect, it } from 'vitest';
import { reportBody } from './report-body.js';

async function* chunks(...parts: (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string> {
  yield* parts;
}

function read(body: AsyncIterable<Uint8Array | string>): Promise<unknown> {
  return reportBody({ body: () => body }, undefined);
}

it('reads text, also where a character is divided', async () => {
  const [one, two] = [Buffer.from('«'), Buffer.from('/inbox»')];

  expect(await read(chunks(one.subarray(0, 1), one.subarray(1), two))).toBe('«/inbox»');
  expect(await read(chunks('«/inbox', '»'))).toBe('«/inbox»');
  expect(await read(chunks())).toBe('');
});

it('reads no further than the limit', async () => {
  let count = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      count++;
      yield new Uint8Array(1_000);
    }
  }

  expect(await read(endless())).toBeUndefined();
  expect(count).toBe(5);
  expect(await read(chunks('é'.repeat(2_048)))).toHaveLength(2_048);
  expect(await read(chunks('é'.repeat(2_049)))).toBeUndefined();
});
