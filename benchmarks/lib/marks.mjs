/** How an event says which one it is, in whatever a library makes of it. @param {number} id */
export const mark = (id) => `~${id}~`;

const marks = /~(\d+)~/g;

/**
 * The ids of the events in a body.
 *
 * @param {string} body
 * @returns {Generator<number>}
 */
export function* idsIn(body) {
  for (const [, id] of body.matchAll(marks)) yield Number(id);
}
