import { describe, expect, it } from 'vitest';
import { LastAnswers } from './last-answers.js';

describe('what a browser has already is', () => {
  it('a page, or by its ending something else, where nothing is known', () => {
    const answers = new LastAnswers();

    expect(['/', '/reports', '/reports?as=a.csv', '/index.html', '/users/j.doe'].map(wasPage)).not.toContain(
      false,
    );
    expect(['/a.csv', '/a.JSON?page=2', '/files/a.pdf'].map(wasPage)).not.toContain(true);

    function wasPage(target: string): boolean {
      return answers.wasPage(target);
    }
  });

  it('what the same target last answered', () => {
    const answers = new LastAnswers();

    answers.remember('/reports?as=csv', false);
    answers.remember('/files/a.pdf', true);
    expect(['/reports?as=csv', '/reports', '/files/a.pdf'].map((it) => answers.wasPage(it))).toEqual([
      false,
      true,
      true,
    ]);

    answers.remember('/reports?as=csv', true);
    answers.remember('/files/a.pdf', false);
    expect(['/reports?as=csv', '/files/a.pdf'].map((it) => answers.wasPage(it))).toEqual([true, false]);
  });

  it('forgotten where there are too many targets, the oldest first', () => {
    const answers = new LastAnswers();

    for (let i = 0; i < 1000; i++) answers.remember(`/exports/${i}`, false);

    expect(answers.wasPage('/exports/0')).toBe(true);
    expect(answers.wasPage('/exports/500')).toBe(false);
    expect(answers.wasPage('/exports/999')).toBe(false);
  });
});
