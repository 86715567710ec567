import { digest } from '../../queue/digests.js';

/** How long an error is remembered. Our choice: another process may answer the next request. */
const rememberedMs = 5 * 60_000;

/** Errors that are remembered, at most. Our choice: some 200 bytes each, the oldest are forgotten first. */
const maxRemembered = 5_000;

interface RecentError {
  readonly page: number;
  readonly at: number;
}

/**
 * Remembers for which pages a contact last got an error. Turbo and htmx show an error page in place under its URL, and
 * a browser cannot always say that it is one. Digests stand for contacts and pages: a URL may be long.
 */
export class RecentErrors {
  readonly #errors = new Map<number, RecentError>();
  /** How many contacts have an error, by page: for a page without one, who asks need not be known. */
  readonly #contacts = new Map<number, number>();

  /** Whether any contact has an error for a page. */
  hasPage(page: string): boolean {
    return this.#contacts.size > 0 && this.#contacts.has(digest(page));
  }

  remember(contactUid: string, page: string, now: number): void {
    const key = keyOf(contactUid, page);
    this.#delete(key);
    for (const oldest of this.#errors.keys()) {
      if (this.#errors.size < maxRemembered) break;
      this.#delete(oldest);
    }
    const error = { page: digest(page), at: now };
    this.#errors.set(key, error);
    this.#contacts.set(error.page, (this.#contacts.get(error.page) ?? 0) + 1);
  }

  forget(contactUid: string, page: string): void {
    this.#delete(keyOf(contactUid, page));
  }

  /** Whether a contact last got an error for a page. */
  has(contactUid: string, page: string, now: number): boolean {
    const error = this.#errors.get(keyOf(contactUid, page));
    return error !== undefined && now - error.at <= rememberedMs;
  }

  #delete(key: number): void {
    const error = this.#errors.get(key);
    if (!error) return;
    this.#errors.delete(key);
    const contacts = this.#contacts.get(error.page) ?? 1;
    if (contacts > 1) this.#contacts.set(error.page, contacts - 1);
    else this.#contacts.delete(error.page);
  }
}

function keyOf(contactUid: string, page: string): number {
  return digest(`${contactUid}\n${page}`);
}
