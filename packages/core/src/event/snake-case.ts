const snakeCase = /^[a-z0-9]+(?:_[a-z0-9]+)*$/;

/** Whether a text is a name as the API contract wants them. */
export function isSnakeCase(text: string): boolean {
  return snakeCase.test(text);
}
