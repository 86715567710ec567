import { expect, it } from 'vitest';
import type { Line, Position } from '../read/line.js';
import { LineLedger } from './line-ledger.js';

const start: Position = { offset: 0, lines: 0, rows: 0 };

function lineAfter(position: Position): Line {
  const { offset, lines, rows } = position;
  const end = { offset: offset + 10, lines: lines + 1, rows: rows + 1 };
  return { start: position, end, content: { type: 'blank' } };
}

it('opens each line until it is settled, in any order and over several runs', () => {
  for (let round = 0; round < 50; round++) {
    let ledger = LineLedger.begin(start);
    const settled = new Set<number>();
    for (let run = 0; run < 5; run++) {
      ledger = new LineLedger(JSON.parse(JSON.stringify(ledger.state)));
      let { position } = ledger.state;
      const open: Line[] = [];
      for (let step = 0; step < 40; step++) {
        const line = lineAfter(position);
        position = line.end;
        const isOpen = ledger.read(line);
        expect(isOpen).toBe(!settled.has(line.end.lines));
        if (isOpen) open.push(line);
        if (Math.random() < 0.5) continue;
        for (const done of open.splice(Math.floor(Math.random() * open.length), 1)) {
          ledger.settle(done, 'delivered');
          settled.add(done.end.lines);
        }
      }
      const { state } = ledger;
      const isSettled = (number: number): boolean =>
        state.settled.some(([from, to]) => from <= number && number <= to);
      const numbers = Array.from({ length: 250 }, (_, index) => index + 1);
      expect(numbers.filter(isSettled)).toEqual(numbers.filter((number) => settled.has(number)));
      expect(state).toMatchObject({ bytes: settled.size * 10, counts: { delivered: settled.size } });
      expect(state.position.lines).toBe(numbers.findIndex((number) => !settled.has(number)));
    }
  }
});
