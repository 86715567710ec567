import { describe, TrackingError } from '../errors.js';
import { isObject } from '../event/json.js';
import type { QueuedEvent } from '../queue/queue.js';
import type { SendOptions, SendResult, Transport } from './transport.js';

/** Sends through a transport of the customer's, which may reject, throw, or return something else: never rejects. */
export async function attempt(
  transport: Transport,
  events: readonly QueuedEvent[],
  options: SendOptions,
): Promise<SendResult> {
  try {
    const result: unknown = await transport.send(events, options);
    if (isSendResult(result)) return result;
    const got = isObject(result) ? `the status ${String(result.status)}` : describe(result);
    return failed(`expected the transport to resolve with a SendResult, got ${got}`);
  } catch (cause) {
    return failed('the transport failed', cause);
  }
}

function failed(message: string, cause?: unknown): SendResult {
  return { status: 'unavailable', error: new TrackingError('unavailable', message, { cause }) };
}

const withoutError: readonly unknown[] = ['delivered', 'rate_limited'];
const withError: readonly unknown[] = ['unavailable', 'misconfigured', 'rejected'];

function isSendResult(result: unknown): result is SendResult {
  if (!isObject(result)) return false;
  return (
    withoutError.includes(result.status) || (withError.includes(result.status) && isObject(result.error))
  );
}
