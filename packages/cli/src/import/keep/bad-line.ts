/** Why a line is no event: the message says what was expected and what came. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
}
