/** A line that is not a valid event; the message has what was expected and what came. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
}
