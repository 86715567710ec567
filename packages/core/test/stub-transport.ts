import { type Mock, vi } from 'vitest';
import { TrackingError } from '../src/errors.js';
import type { QueuedEvent } from '../src/queue/queue.js';
import type { SendOptions, SendResult, Transport } from '../src/transport/transport.js';

type Send = (events: readonly QueuedEvent[], options: SendOptions) => SendResult | Promise<SendResult>;

/** A transport that resolves with what `send` returns, at once. */
export function stubTransport(send: Send = () => delivered): {
  transport: Transport;
  send: Mock<Transport['send']>;
} {
  const spy = vi.fn<Transport['send']>(async (events, options) => send(events, options));
  return { transport: { send: spy }, send: spy };
}

export const delivered: SendResult = { status: 'delivered' };

export function unavailable(status?: number): SendResult {
  return { status: 'unavailable', error: new TrackingError('unavailable', 'the API is away', { status }) };
}

export function misconfigured(status: number): SendResult {
  return {
    status: 'misconfigured',
    error: new TrackingError('misconfigured', 'check the set-up', { status }),
  };
}

export function rejected(status: number): SendResult {
  return {
    status: 'rejected',
    error: new TrackingError('rejected', 'not accepted', { status, body: 'why' }),
  };
}

export function rateLimited(resetsAt?: number, limit?: number): SendResult {
  return { status: 'rate_limited', rateLimit: { limit, remaining: 0, resetsAt } };
}

/** A promise that the test settles when it wants to. */
export function deferred<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
