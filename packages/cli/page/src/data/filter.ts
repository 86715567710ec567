import { type Entry, type Kind, kindOf, type Trait, traitOf, traits } from './entry.js';

/** What the list is narrowed to; an empty search, no kinds or a missing trait narrow nothing. */
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

/** Makes the question that a filter asks of each entry; `textOf` is what the search looks at. */
export function matcher(filter: Filter, textOf: (entry: Entry) => string): Matches {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(filter.kinds);
  const narrowing = traits.flatMap((trait) => {
    const value = filter[trait];
    return value === undefined ? [] : [{ trait, value }];
  });
  // The cheapest question first: there may be a hundred thousand entries to ask.
  return (entry) =>
    (wanted.size === 0 || wanted.has(kindOf(entry))) &&
    narrowing.every(({ trait, value }) => traitOf(entry, trait) === value) &&
    (words.length === 0 || hasAll(textOf(entry), words));
}

function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
