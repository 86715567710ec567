import { expect, it } from 'vitest';
import { LineRanges } from './line-ranges.js';

it('line ranges hold what was added in any order, in as few ranges as there can be', () => {
  for (let round = 0; round < 50; round++) {
    const ranges = new LineRanges([[3, 4]]);
    const added = new Set([3, 4]);
    for (let step = 0; step < 60; step++) {
      const line = 1 + Math.floor(Math.random() * 40);
      ranges.add(line);
      added.add(line);
    }
    const lines = Array.from({ length: 42 }, (_, line) => line);
    expect(lines.filter((line) => ranges.has(line))).toEqual(lines.filter((line) => added.has(line)));
    const beginnings = lines.filter((line) => added.has(line) && !added.has(line - 1));
    expect(ranges.ranges.map(([from]) => from)).toEqual(beginnings);
  }
});
