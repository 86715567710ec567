/** Most targets that are remembered. Our choice: more than a site has exports, and too few to hurt. */
const maxRemembered = 500;

/** Endings of what a browser saves, or shows as it is, but not as a page. */
const fileEnding =
  /\.(?:avif|bmp|css|csv|docx?|epub|gif|gz|ico|ics|jpe?g|js|json|map|md|mjs|mp[34]|ods|odt|ogg|pdf|png|pptx?|rar|rss|svg|tar|tgz|tsv|txt|vcf|wasm|wav|web[mp]|woff2?|xlsx?|xml|ya?ml|zip)$/i;

/**
 * Knows what a 304 does not say: whether what the browser has already is a page. That is what the same target last
 * answered; only what its ending does not give away is remembered.
 */
export class LastAnswers {
  readonly #unexpected = new Set<string>();

  wasPage(target: string): boolean {
    return this.#unexpected.has(target) !== looksLikePage(target);
  }

  remember(target: string, isPage: boolean): void {
    const isUnexpected = isPage !== looksLikePage(target);
    if (isUnexpected === this.#unexpected.has(target)) return;
    if (!isUnexpected) return void this.#unexpected.delete(target);
    for (const oldest of this.#unexpected) {
      if (this.#unexpected.size < maxRemembered) break;
      this.#unexpected.delete(oldest);
    }
    this.#unexpected.add(target);
  }
}

function looksLikePage(target: string): boolean {
  return !fileEnding.test(target.split('?', 1)[0] ?? '');
}
