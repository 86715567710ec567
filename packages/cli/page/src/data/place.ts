import { kinds, traits } from './entry.js';
import type { Filter } from './filter.js';

/** The state in the address of the page, so that a reload or a copied link shows the same. */
export interface Place {
  readonly filter: Filter;
  /** The entry whose details are open. */
  readonly open: OpenEntry | undefined;
}

/** An entry of a run: after a restart of the server the same number is another one. */
export interface OpenEntry {
  readonly run: string;
  readonly seq: number;
}

/** Reads the fragment of the address; invalid parts are ignored. */
export function readPlace(hash: string): Place {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const asked = query.get('kind')?.split(',') ?? [];
  const [, run, seq] = /^(.+)\.(\d{1,15})$/.exec(query.get('open') ?? '') ?? [];
  const narrowing = traits.flatMap((trait) => {
    const value = query.get(trait);
    return value ? [[trait, value]] : [];
  });
  return {
    filter: {
      search: query.get('search') ?? '',
      kinds: kinds.filter((kind) => asked.includes(kind)),
      ...Object.fromEntries(narrowing),
    },
    open: run === undefined ? undefined : { run, seq: Number(seq) },
  };
}

/** Writes the fragment for {@link readPlace}; empty where there is nothing to keep. */
export function writePlace({ filter, open }: Place): string {
  const query = new URLSearchParams();
  if (filter.search) query.set('search', filter.search);
  if (filter.kinds.length > 0) query.set('kind', filter.kinds.join(','));
  for (const trait of traits) {
    const value = filter[trait];
    if (value !== undefined) query.set(trait, value);
  }
  if (open) query.set('open', `${open.run}.${open.seq}`);
  return query.size > 0 ? `#${query}` : '';
}
