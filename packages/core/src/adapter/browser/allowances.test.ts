import { describe, expect, it } from 'vitest';
import { Recent } from '../../runtime/recent.js';
import { type Allowance, Allowances, connectionPace, contactPace } from './allowances.js';

function countTaken(times: number, take: () => boolean): number {
  let taken = 0;
  for (let i = 0; i < times; i++) if (take()) taken++;
  return taken;
}

describe('a contact', () => {
  function contactAllowances(least = 100): Allowances<string> {
    return new Allowances(contactPace, new Recent<string, Allowance>(least));
  }

  it('may report 30 times at once, and then once a second', () => {
    const allowances = contactAllowances();
    const take = (now: number) => () => allowances.take('ada', now);

    expect(countTaken(100, take(0))).toBe(30);
    expect(countTaken(100, take(999))).toBe(0);
    expect(countTaken(100, take(1_000))).toBe(1);
    expect(countTaken(100, take(6_000))).toBe(5);
    expect(countTaken(100, take(600_000))).toBe(30);
  });

  it('does not spend what another one may report', () => {
    const allowances = contactAllowances();

    countTaken(100, () => allowances.take('mallory', 0));

    expect(countTaken(100, () => allowances.take('ada', 0))).toBe(30);
  });

  it('is remembered while others report, and forgotten when there are many', () => {
    const allowances = contactAllowances(10);
    countTaken(100, () => allowances.take('ada', 0));

    for (let i = 0; i < 9; i++) allowances.take(`before-${i}`, 0);
    for (let i = 0; i < 9; i++) allowances.take(`between-${i}`, 0);
    expect(allowances.take('ada', 0)).toBe(false);

    for (let i = 0; i < 20; i++) allowances.take(`after-${i}`, 0);
    expect(allowances.take('ada', 0)).toBe(true);
  });

  it('gains nothing from a clock that was set back', () => {
    const allowances = contactAllowances();
    countTaken(100, () => allowances.take('ada', 10_000));

    expect(allowances.take('ada', 0)).toBe(false);
    expect(allowances.take('ada', 500)).toBe(false);
  });
});

it('lets the unknown visitors on one connection report 60 times at once, and then ten times a second', () => {
  const allowances = new Allowances(connectionPace, new WeakMap<object, Allowance>());
  const [proxy, other] = [{}, {}];

  expect(countTaken(100, () => allowances.take(proxy, 0))).toBe(60);
  expect(countTaken(100, () => allowances.take(proxy, 1_000))).toBe(10);
  expect(countTaken(100, () => allowances.take(other, 1_000))).toBe(60);
});
