import { Recent } from '../../runtime/recent.js';

/** Targets that are remembered at least. Our choice: more than a site has exports, and too few to need much memory. */
const leastRemembered = 500;

/** Endings of what a browser saves, or shows as it is, but not as a page. */
const fileEnding =
  /\.(?:avif|bmp|css|csv|docx?|epub|gif|gz|ico|ics|jpe?g|js|json|map|md|mjs|mp[34]|ods|odt|ogg|pdf|png|pptx?|rar|rss|svg|tar|tgz|tsv|txt|vcf|wasm|wav|web[mp]|woff2?|xlsx?|xml|ya?ml|zip)$/i;

/**
 * Whether a 304 stands for a page, which it does not say itself: it does if the last full answer of the same target was
 * one. Only answers are remembered that differ from what the ending of the target suggests.
 */
export class LastAnswers {
  readonly #unexpected = new Recent<string, true>(leastRemembered);

  wasPage(target: string): boolean {
    return (this.#unexpected.get(target) ?? false) !== looksLikePage(target);
  }

  remember(target: string, isPage: boolean): void {
    if (isPage === looksLikePage(target)) this.#unexpected.delete(target);
    else this.#unexpected.set(target, true);
  }
}

function looksLikePage(target: string): boolean {
  return !fileEnding.test(target.split('?', 1)[0] ?? '');
}
