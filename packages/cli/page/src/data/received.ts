import { UncountedPages } from '../../../src/dev/uncounted-pages.js';
import { type Entry, type Kind, kindOf, kinds, type Trait, traitOf, traits } from './entry.js';
import { EntryRing } from './entry-ring.js';
import { type Filter, matcher, noFilter } from './filter.js';
import { Matching } from './matching.js';
import { Pace } from './pace.js';
import { Tally } from './tally.js';

/** How far back the chart goes. */
const paceSeconds = 60;

/** All that one run of `successeve dev` has received, independent of the framework. */
export class Received {
  readonly ring: EntryRing;
  matching: Matching;
  readonly pace: Pace = new Pace(paceSeconds);
  readonly counts: Record<Kind, number>;
  readonly tallies: Record<Trait, Tally>;
  uncountedPages: UncountedPages = new UncountedPages();
  /** How many are kept. */
  total = 0;

  constructor(maxEntries: number, filter: Filter = noFilter) {
    this.counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
    this.tallies = Object.fromEntries(traits.map((trait) => [trait, new Tally()])) as Record<Trait, Tally>;
    this.ring = new EntryRing(maxEntries, (entry) => this.#forgotten(entry));
    this.matching = new Matching(this.ring, matcher(filter));
  }

  /** How many the list shows without a filter. */
  get listed(): number {
    return this.total - this.counts.other;
  }

  add(entries: readonly Entry[]): void {
    // One by one: with more than there is room for, the first of them are forgotten again by the last.
    for (const entry of entries) if (this.ring.add(entry)) this.#arrived(entry);
    this.matching.trim();
  }

  forget(upTo: number): void {
    this.ring.forget(upTo);
    if (this.total === 0) this.uncountedPages = new UncountedPages();
    this.matching.trim();
  }

  narrow(filter: Filter): void {
    this.matching = new Matching(this.ring, matcher(filter));
  }

  #arrived(entry: Entry): void {
    this.total++;
    const kind = kindOf(entry);
    this.counts[kind]++;
    for (const trait of traits) this.tallies[trait].add(traitOf(entry, trait));
    if (entry.type !== 'report') this.pace.count(entry.at, kind === 'fault' ? 'fault' : entry.type);
    this.uncountedPages.add(entry);
    this.matching.arrived(entry.seq);
  }

  #forgotten(entry: Entry): void {
    this.total--;
    this.counts[kindOf(entry)]--;
    for (const trait of traits) this.tallies[trait].remove(traitOf(entry, trait));
  }
}
