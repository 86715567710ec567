/**
 * A number that stands for a text: 53 bits, as many as a number holds exactly, and nothing that could be turned back
 * into the text. Not for secrets: guesses can be tried.
 *
 * Two multiplicative hashes in one pass, which is the idea of cyrb53: every request may need one, and without Node,
 * SHA-256 is asynchronous.
 */
export function digest(text: string): number {
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0xc2b2ae35);
  }
  // What the last characters changed has reached only the upper bits so far.
  a = mixed(a ^ (b >>> 15));
  b = mixed(b ^ (a >>> 13));
  return (a >>> 11) * 2 ** 32 + (b >>> 0);
}

function mixed(bits: number): number {
  const halfway = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  return halfway ^ (halfway >>> 13);
}

/** Remembers one digest for each subject, which is a digest too. A `Map` is one, if it need not be bounded. */
export interface Digests {
  get(subject: number): number | undefined;
  set(subject: number, digest: number): void;
  delete(subject: number): void;
}
