export { createHttpClient } from '../transport/http-fetch.js';

/** No process ends here that could wait. */
export function flushOnExit(): () => void {
  return () => {};
}
