import { describe, expect, it } from 'vitest';
import { LastAnswers } from './last-answers.js';

/** Answers a target in full, with a page or with something else. */
function answer(answers: LastAnswers, target: string, isPage: boolean): void {
  const type = isPage ? 'text/html' : 'text/csv';
  answers.isPage(target, { status: 200, header: (name) => (name === 'content-type' ? type : undefined) });
}

function wasPage(answers: LastAnswers, target: string): boolean {
  return answers.isPage(target, { status: 304, header: () => undefined });
}

describe('what a browser has already is', () => {
  it('a page, or by its ending something else, where nothing is known', () => {
    const answers = new LastAnswers();

    for (const page of ['/', '/reports', '/reports?as=a.csv', '/index.html', '/users/j.doe']) {
      expect(wasPage(answers, page)).toBe(true);
    }
    for (const file of ['/a.csv', '/a.JSON?page=2', '/files/a.pdf']) {
      expect(wasPage(answers, file)).toBe(false);
    }
  });

  it('what the same target last answered', () => {
    const answers = new LastAnswers();

    answer(answers, '/reports?as=csv', false);
    answer(answers, '/files/a.pdf', true);
    expect(['/reports?as=csv', '/reports', '/files/a.pdf'].map((it) => wasPage(answers, it))).toEqual([
      false,
      true,
      true,
    ]);

    answer(answers, '/reports?as=csv', true);
    answer(answers, '/files/a.pdf', false);
    expect(['/reports?as=csv', '/files/a.pdf'].map((it) => wasPage(answers, it))).toEqual([true, false]);
  });

  it('forgotten where there are too many targets, the oldest first', () => {
    const answers = new LastAnswers();

    for (let i = 0; i < 1000; i++) answer(answers, `/exports/${i}`, false);

    expect(wasPage(answers, '/exports/0')).toBe(true);
    expect(wasPage(answers, '/exports/500')).toBe(false);
    expect(wasPage(answers, '/exports/999')).toBe(false);
  });
});
