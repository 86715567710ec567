import { type Entry, type Kind, kindOf, type Trait, traitOf, traits } from './entry.js';
import { searchText } from './search-text.js';

/** The filter of the list; an empty search, no kinds or a missing trait do not narrow it. */
export interface Filter extends Readonly<Partial<Record<Trait, string>>> {
  /** Words that all have to occur. */
  readonly search: string;
  readonly kinds: readonly Kind[];
}

export const noFilter: Filter = { search: '', kinds: [] };

export function isNarrowing(filter: Filter): boolean {
  return (
    filter.search.trim() !== '' ||
    filter.kinds.length > 0 ||
    traits.some((trait) => filter[trait] !== undefined)
  );
}

export type Matches = (entry: Entry) => boolean;

/** Without a filter, the requests that are never pages are left out: an application makes many of them. */
export function matcher(filter: Filter): Matches {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(filter.kinds);
  const narrowing = traits.flatMap((trait) => {
    const value = filter[trait];
    return value === undefined ? [] : [{ trait, value }];
  });
  if (!isNarrowing(filter)) return (entry) => kindOf(entry) !== 'other';
  // The cheapest test first: there may be a hundred thousand entries.
  return (entry) =>
    (wanted.size === 0 || wanted.has(kindOf(entry))) &&
    narrowing.every(({ trait, value }) => traitOf(entry, trait) === value) &&
    (words.length === 0 || hasAll(searchText(entry), words));
}

function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
