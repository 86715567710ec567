import { describe, expect, it } from 'vitest';
import { describeQueue } from '../../test/queue-contract.js';
import { Deque } from './deque.js';
import { memoryQueue } from './memory-queue.js';

describeQueue('the memory queue', { create: memoryQueue });

describe('the deque', () => {
  it('does what an array does, for any mixture of operations', () => {
    const deque = new Deque<number>();
    const array: number[] = [];
    // A fixed linear congruential sequence: the same mixture in every run.
    let seed = 1;
    const random = (): number => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    for (let i = 0; i < 200_000; i++) {
      const bias = Math.sin(i / 20_000);
      const choice = random() + bias * 0.3;
      if (choice > 0.6) {
        deque.push(i);
        array.push(i);
      } else if (choice > 0.5) {
        deque.unshift(i);
        array.unshift(i);
      } else expect(deque.shift()).toBe(array.shift());
      if (deque.length !== array.length) expect(deque.length).toBe(array.length);
    }
    while (array.length > 0) expect(deque.shift()).toBe(array.shift());
    expect(deque.shift()).toBeUndefined();
  });
});
