import { describeValue } from '../describe-value.js';

/** Which page was expected. */
export interface ExpectedPage {
  readonly shown: string;
  isOf(visitUrl: string): boolean;
  /** What of a visited URL it is compared with. */
  partOf(visitUrl: string): string;
}

/** @throws TypeError for an invalid page: with `.not`, it would always pass. */
export function readPage(page: unknown): ExpectedPage {
  if (page instanceof RegExp) {
    // `search` minds neither the flag `g` nor `lastIndex`.
    return { shown: String(page), isOf: (url) => pathOf(url).search(page) !== -1, partOf: pathOf };
  }
  const text = page instanceof URL ? page.href : page;
  if (typeof text === 'string' && text.startsWith('/')) {
    // Not resolved: `//host/x` is a path too.
    const path = pathOf(`http://any.origin${text}`);
    return { shown: text, isOf: (url) => pathOf(url) === path, partOf: pathOf };
  }
  if (typeof text !== 'string' || !URL.canParse(text)) {
    throw new TypeError(
      `page: expected a path such as /onboarding, a URL or a RegExp, got ${describeValue(page)}`,
    );
  }
  const { href } = new URL(text);
  return { shown: text, isOf: (url) => new URL(url).href === href, partOf: (url) => url };
}

function pathOf(url: string): string {
  const { href, origin } = new URL(url);
  return href.slice(origin.length);
}
