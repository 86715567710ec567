/** Whether this is `npm run test:full`, which adds what takes long, and not `npm test`, which tests every promise once. */
export const isFull: boolean = process.env.SUCCESSEVE_FULL === '1';

/** Returns the first value in `npm test` and the second in `npm run test:full`: how many kills, events, repetitions. */
export function scale<Value>(moderate: Value, full: Value): Value {
  return isFull ? full : moderate;
}
