import { expect, it } from 'vitest';
import { readBody } from './read-body.js';

async function* chunks(...parts: (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string> {
  yield* parts;
}

it('reads text, also where a character is divided', async () => {
  const [one, two] = [Buffer.from('«'), Buffer.from('/inbox»')];

  expect(await readBody(chunks(one.subarray(0, 1), one.subarray(1), two), 100)).toBe('«/inbox»');
  expect(await readBody(chunks('«/inbox', '»'), 100)).toBe('«/inbox»');
  expect(await readBody(chunks(), 100)).toBe('');
});

it('reads no further than the limit', async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      read++;
      yield new Uint8Array(1_000);
    }
  }

  expect(await readBody(endless(), 4_000)).toBeUndefined();
  expect(read).toBe(5);
  expect(await readBody(chunks('é'.repeat(2_000)), 4_000)).toHaveLength(2_000);
  expect(await readBody(chunks('é'.repeat(2_001)), 4_000)).toBeUndefined();
});
