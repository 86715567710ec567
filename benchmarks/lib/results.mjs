/**
 * What a suite has found out: a table, and a chart where one says more.
 *
 * @typedef {object} Result
 * @property {string} title
 * @property {string} explanation what was measured, and how, in a sentence or two
 * @property {readonly string[]} columns
 * @property {readonly (readonly string[])[]} rows
 * @property {Chart} [chart]
 */

/**
 * Bars, one a subject; or lines over a scale that grows by the power of ten.
 *
 * @typedef {{ kind: 'bars', unit: string, bars: readonly { name: string, value: number }[] }
 *   | { kind: 'lines', unit: string, xUnit: string, lines: readonly { name: string, points: readonly (readonly [number, number])[] }[] }} Chart
 */

/**
 * How a suite is run.
 *
 * @typedef {object} Run
 * @property {boolean} isQuick a few short rounds: whether it works, not what it costs
 * @property {(line: string) => void} say
 */

/** @typedef {(run: Run) => Promise<readonly Result[]>} Suite */

/**
 * Takes turns: every subject once a round, so that what the machine does meanwhile meets all of them alike.
 *
 * @template Measured
 * @param {readonly string[]} names
 * @param {number} rounds
 * @param {(name: string, round: number) => Promise<Measured>} measure
 * @returns {Promise<Map<string, Measured[]>>}
 */
export async function alternate(names, rounds, measure) {
  /** @type {Map<string, Measured[]>} */
  const measured = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    // In turn from the front and from the back, so that nobody is always measured after the same neighbour.
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      measured.get(name)?.push(await measure(name, round));
    }
  }
  return measured;
}
