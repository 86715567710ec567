import { Recent } from '../../runtime/recent.js';
import type { ResponseHead } from '../exchange.js';
import { isPage } from './response-rules.js';

/** Targets that are remembered at least. Our choice: more than a site has exports, and too few to need much memory. */
const leastRemembered = 500;

/** Endings of what a browser saves, or shows as it is, but not as a page. */
const fileEnding =
  /\.(?:avif|bmp|css|csv|docx?|epub|gif|gz|ico|ics|jpe?g|js|json|map|md|mjs|mp[34]|ods|odt|ogg|pdf|png|pptx?|rar|rss|svg|tar|tgz|tsv|txt|vcf|wasm|wav|web[mp]|woff2?|xlsx?|xml|ya?ml|zip)$/i;

/**
 * Whether responses are pages. A 304 does not say itself: it is one if the last full answer of the same target was. Only
 * answers are remembered that differ from what the ending of the target suggests.
 */
export class LastAnswers {
  readonly #unexpected = new Recent<string, true>(leastRemembered);

  isPage(target: string, response: ResponseHead): boolean {
    const isHtml = isPage(response);
    const isExpected = looksLikePage(target);
    if (response.status === 304) return isHtml && (this.#unexpected.get(target) ?? false) !== isExpected;
    if (isHtml === isExpected) this.#unexpected.delete(target);
    else this.#unexpected.set(target, true);
    return isHtml;
  }
}

function looksLikePage(target: string): boolean {
  return !fileEnding.test(target.split('?', 1)[0] ?? '');
}
