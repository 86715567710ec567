import { duration } from '@successeve/command-line';
import { describe, expect, it } from 'vitest';
import { budgetMs, timeLeftMs } from '../send/estimate.js';
import { BudgetObserver } from '../send/observed-budget.js';
import { Rate } from '../send/rate.js';
import { type Progress, progressLine, progressText } from './progress.js';

const minute = 60_000;

const progress: Progress = {
  share: 0.4567,
  lines: 452_100,
  linesInAll: 990_000,
  perSecond: 297.61,
  rejected: 12,
  leftMs: 31 * minute,
  waiting: 'budget spent, resumes at 14:02:10',
};

describe('the progress of an import', () => {
  it('is shown in full where there is room', () => {
    expect(progressLine(progress, 200)).toBe(
      '[==============----------------]  45 %  452,100 of about 990,000 lines  297.6/s  12 rejected  31 min left  budget spent, resumes at 14:02:10',
    );
    expect(progressText({ ...progress, waiting: undefined, leftMs: undefined })).toBe(
      '45 %  452,100 of about 990,000 lines  297.6/s  12 rejected',
    );
  });

  it('leaves out the least important where there is none, and never is too long', () => {
    expect(progressLine(progress, 80)).toBe(
      '[=====-----]  45 %  12 rejected  31 min left  budget spent, resumes at 14:02:10',
    );
    expect(progressLine(progress, 40)).toBe('45 %  budget spent, resumes at 14:02:10');
    expect(progressLine(progress, 12)).toBe('45 %');
    for (let columns = 1; columns < 200; columns++) {
      expect(progressLine(progress, columns).length).toBeLessThanOrEqual(columns);
    }
  });

  it('has a bar that stays as wide as it is, also in a narrow terminal', () => {
    const widths = [59, 79, 119, 200].map((columns) => {
      const later = { ...progress, lines: 1, perSecond: 3, rejected: 0, leftMs: 5000, waiting: undefined };
      const lines = [progress, later].map((one) => progressLine(one, columns));
      return lines.map((line) => line.indexOf(']') - 1);
    });
    expect(widths).toEqual([
      [10, 10],
      [10, 10],
      [30, 30],
      [30, 30],
    ]);
  });

  it('is never complete before the last line', () => {
    expect(progressText({ ...progress, share: 0.9999 })).toMatch(/^99 %/);
  });
});

describe('the time an import takes', () => {
  it('is estimated by the budget: a window at once, and one in every five minutes', () => {
    expect(budgetMs(900)).toBe(0);
    expect(duration(budgetMs(1_000_000))).toBe('3 d 20 h');
    expect(duration(budgetMs(9_900))).toBe('50 min');
  });

  it('follows the budget at first, the speed once it has been seen long enough, and never more than the API allows', () => {
    // A window went in a second: that will not go on.
    expect(timeLeftMs(9_000, { elapsedMs: 1000, requests: 900, limit: 900 })).toBe(50 * minute);
    expect(timeLeftMs(9_000, { elapsedMs: 30 * minute, requests: 2_700, limit: 900 })).toBe(100 * minute);
    expect(timeLeftMs(9_000, { elapsedMs: 11 * minute, requests: 2_700, limit: 900 })).toBe(50 * minute);
    // More requests than a window allows, and no response named a limit: the API has none.
    expect(timeLeftMs(9_000, { elapsedMs: 1000, requests: 1_000 })).toBe(9_000);
    expect(timeLeftMs(100, { elapsedMs: 1000, requests: 10 })).toBe(10_000);
    expect(timeLeftMs(100, { elapsedMs: 1000, requests: 0 })).toBeUndefined();
  });

  it('follows the windows that the API has, and the usual ones before one was seen from its start', () => {
    const budget = new BudgetObserver();
    const at = 1_700_000_000_000;
    const left = (): number | undefined => timeLeftMs(9_000, { elapsedMs: 1000, requests: 900, ...budget });
    budget.observe({ limit: 900, remaining: 100, resetsAt: at + 10_000 }, at);
    expect(left()).toBe(50 * minute);
    budget.observe({ limit: 900, remaining: 899, resetsAt: at + 70_000 }, at + 10_000);
    expect(left()).toBe(10 * minute);
    budget.observe({ limit: 900, remaining: 700, resetsAt: at + 70_000 }, at + 20_000);
    expect(left()).toBe(10 * minute);
  });
});

describe('the rate of an import', () => {
  it('is that of the last five minutes', () => {
    const rate = new Rate(1000, 0);
    expect(rate.perSecond(1000, 0)).toBe(0);
    expect(rate.perSecond(1900, 1000)).toBe(900);
    for (let at = 2000; at <= 300_000; at += 1000) rate.perSecond(1900, at);
    expect(rate.perSecond(1900, 301_000)).toBe(0);
    expect(rate.perSecond(2800, 301_000)).toBe(3);
  });
});
