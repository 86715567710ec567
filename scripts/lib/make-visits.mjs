import { Failure } from './failure.mjs';
import { Visitor } from './visitor.mjs';

/** @import { Example } from './example.mjs' */
/** @import { Visit } from './visits.mjs' */

/**
 * A visit that was made: the status that the visitor saw, and what the example's tracker said of it.
 *
 * @typedef {object} MadeVisit
 * @property {Visit} visit
 * @property {number} status
 * @property {import('./example.mjs').Outcome} said
 */

/**
 * Makes visits over real HTTP, one after the other, so that it is plain which one the tracker speaks of.
 *
 * @param {Example} example
 * @param {readonly Visit[]} visits
 */
export async function makeVisits(example, visits) {
  /** @type {Map<string, Visitor>} */
  const visitors = new Map();
  /** @type {MadeVisit[]} */
  const made = [];
  for (const visit of visits) {
    const visitor = visitors.get(visit.who) ?? new Visitor(example.url);
    visitors.set(visit.who, visitor);
    const answer = visitor.make(visit).catch((cause) => {
      throw new Failure(`${visit.method} ${visit.path} was not answered: ${cause.message}`, { cause });
    });
    const [status, said] = await Promise.all([answer, example.nextOutcome()]);
    made.push({ visit, status, said });
  }
  return made;
}
